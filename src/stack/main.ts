// `npm start`: runs the whole product until Ctrl-C.
import { firstMatter, seedDemoFirm } from '../demo/seed.ts'
import { banner } from './banner.ts'
import { PREPARE_STEPS } from './prepare.ts'
import { type Stack, startStack } from './stack.ts'

const FORCED_EXIT_CODE = 130
// npm passes Ctrl-C on to us although the terminal has already done so: what comes this soon is the same key press.
const SAME_KEY_PRESS_MS = 500

// Mails, histories and logs are nobody else's to read.
process.umask(0o077)

const stopRequest = new AbortController()
let stopAskedAt: number | undefined
let stack: Stack | undefined

/** Prints progress; once stopping has been asked for, what is still starting is of no interest. */
function report(line: string): void {
  if (!stopRequest.signal.aborted) console.log(line)
}

function onSignal(signal: NodeJS.Signals): void {
  if (stopAskedAt === undefined) {
    stopAskedAt = Date.now()
    console.log(`\nStopping (${signal}); once more to force it ...`)
    stopRequest.abort(new Error('asked to stop'))
  } else if (Date.now() - stopAskedAt > SAME_KEY_PRESS_MS) {
    // What this misses the watchdog ends.
    stack?.kill()
    process.exit(FORCED_EXIT_CODE)
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)

/** Runs the stack until it is asked to stop; rejects with the reason when it cannot start or cannot go on. */
async function run(): Promise<void> {
  const startedAt = performance.now()
  stack = await startStack({
    env: process.env,
    report,
    prepare: PREPARE_STEPS,
    seed: seedDemoFirm,
    signal: stopRequest.signal,
  })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  report(`Ready after ${seconds} s\n${banner(stack, await firstMatter(stack.env))}`)

  const asked = new Promise<undefined>((resolve) => {
    if (stopRequest.signal.aborted) resolve(undefined)
    stopRequest.signal.addEventListener('abort', () => resolve(undefined))
  })
  const failure = await Promise.race([asked, stack.failed])
  await stack.stop()
  if (failure !== undefined) throw failure
}

try {
  await run()
  console.log('Stopped.')
} catch (error) {
  if (error === stopRequest.signal.reason) console.log('Stopped.')
  else {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
// A download that was given up may still run; nothing else is left to wait for.
process.exit()
