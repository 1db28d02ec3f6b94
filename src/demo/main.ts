// `npm run demo`: tells the article's story unattended on a stack of its own. `--json`: one object per line.
import { PREPARE_STEPS } from '../stack/prepare.ts'
import { startStack } from '../stack/stack.ts'
import { enterDemoFirm } from './firm.ts'
import { developmentToken, GraphQLClient } from './graphql-client.ts'
import { FirmDesk } from './operations.ts'
import { patiently } from './patiently.ts'
import { type Step, tellStory } from './story.ts'
import { heading, row, trialBalanceTable } from './table.ts'

const asJson = process.argv.includes('--json')
const unknown = process.argv.slice(2).filter((argument) => argument !== '--json')

const PORTS = [
  'API_PORT',
  'WORKER_HEALTH_PORT',
  'STRIPE_SANDBOX_PORT',
  'OUTBOX_PORT',
  'IDENTITY_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
  'POSTGRES_PORT',
]

/** The demo has a world of its own: whatever real neighbours the environment names stay out of it. */
function ownWorld(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE|TEMPORAL_(?!CLI_PATH)|STRIPE|RESEND|AUTH|PUBLIC_URL|PAY_LINK)/.test(name),
  )
  return { ...Object.fromEntries(kept), ...Object.fromEntries(PORTS.map((name) => [name, '0'])) }
}

async function run(): Promise<void> {
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}; there is only --json.`)
  const report = (line: string) => (asJson ? undefined : console.log(line))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error('Stopped.')))
  const stack = await startStack({
    env: ownWorld(),
    report,
    prepare: PREPARE_STEPS,
    temporary: true,
    signal: stop.signal,
  })
  try {
    const { urls, env, failed } = stack
    if (!urls.token || !urls.outbox) throw new Error('The demo needs the embedded identity provider and outbox.')
    await patiently('the demo firm is entered', () => enterDemoFirm(env.DATABASE_URL).then(() => true))
    const token = await developmentToken(urls.token, ['ADMIN'])
    const desk = new FirmDesk(new GraphQLClient(urls.graphql, token), 'demo')
    report(`\n${heading()}`)
    const tell = (step: Step) => console.log(asJson ? JSON.stringify(step) : row(step))
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason))
      void failed.then(reject)
    })
    await Promise.race([tellStory({ desk, outboxUrl: urls.outbox }, tell), stopped])
    const books = trialBalanceTable(await desk.trialBalance())
    report(`\n${books}`)
  } finally {
    await stack.stop()
  }
}

try {
  await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof Error && error.cause instanceof Error) console.error(`  ${error.cause.message}`)
  process.exitCode = 1
}
process.exit()
