// `npm run recover [-- --dry-run] [-- --restart]`: has the engine run again all that the books say must run.
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { workerConfig } from '../config.ts'
import { openDatabase } from '../db/pool.ts'
import { preflight } from '../worker/preflight/preflight.ts'
import { workerEnvironment } from './environment.ts'
import { Progress } from './progress.ts'
import { type Recovery, recover, type Tally } from './recover.ts'

const USAGE = `usage: npm run recover -- [--dry-run] [--restart]
  Has the Temporal server run again all that the books say must run; takes the worker's environment. Safe to repeat.
  --restart   terminates what runs and starts it afresh from the books: after an older backup was restored
  --dry-run   changes nothing and says what would be done`
const FAILURES_SHOWN = 20

interface Flags {
  dryRun: boolean
  restart: boolean
}

function flags(): Flags {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean' }, restart: { type: 'boolean' } } })
  return { dryRun: values['dry-run'] ?? false, restart: values.restart ?? false }
}

async function run({ dryRun, restart }: Flags): Promise<Recovery> {
  const { databaseUrl, temporal: to } = workerConfig(await workerEnvironment(process.env))
  for (const oddity of await preflight({ databaseUrl, temporal: to })) console.error(`! ${oddity}`)
  const connection = await Connection.connect(to.connectionOptions)
  const db = openDatabase(databaseUrl, { name: 'retainer-recovery', max: 5 })
  try {
    const progress = new Progress(process.stderr)
    const temporal = new Client({ connection, namespace: to.namespace ?? 'default' })
    const mode = dryRun ? 'look' : restart ? 'restart' : 'start'
    const recovery = await recover({
      db,
      temporal,
      mode,
      wouldRestart: restart,
      report: (tally) => progress.show(tally),
    })
    progress.clear()
    return recovery
  } finally {
    await Promise.all([db.destroy(), connection.close()])
  }
}

function lineOf({ name, total, started, restarted, running, failed }: Tally, { dryRun, restart }: Flags): string {
  const parts = dryRun
    ? [
        `${started} would be started`,
        `${running} ${restart && name === 'matters' ? 'would be restarted' : 'run already'}`,
      ]
    : [`${started} started`, ...(restarted > 0 ? [`${restarted} restarted`] : []), `${running} were running`]
  return `${name.padEnd(16)}${String(total).padStart(7)}: ${[...parts, `${failed.length} failed`].join(', ')}`
}

function tell({ tallies, ended }: Recovery, asked: Flags): void {
  for (const tally of tallies) console.log(lineOf(tally, asked))
  if (asked.restart) {
    console.log(`not in the books${String(ended).padStart(7)}: ${asked.dryRun ? 'would be ended' : 'ended'}`)
  }
  const failures = tallies.flatMap(({ failed }) => failed)
  for (const { workflowId, reason } of failures.slice(0, FAILURES_SHOWN)) console.error(`✗ ${workflowId}: ${reason}`)
  if (failures.length > FAILURES_SHOWN) console.error(`  and ${failures.length - FAILURES_SHOWN} more`)
  if (failures.length > 0) {
    console.error('Not all of it runs. Put right what is said above, and run this again.')
    process.exitCode = 1
  }
}

try {
  const asked = flags()
  const startedAt = performance.now()
  tell(await run(asked), asked)
  console.log(`Done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`)
} catch (error) {
  const { code } = error as { code?: unknown }
  const isUsage = typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')
  console.error(`${error instanceof Error ? error.message : String(error)}${isUsage ? `\n${USAGE}` : ''}`)
  process.exitCode = 1
}
