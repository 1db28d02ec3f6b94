// `npm run chaos`: people, clients and banks act while everything around them breaks, and then every guarantee is judged.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { BROKEN_BUILDS, makeBrokenBuild } from './broken-builds.ts'
import { chaosOptions, USAGE } from './options.ts'
import { run } from './run.ts'
import { Screen } from './screen.ts'

const COULD_NOT_RUN = 2

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error('Stopped.')))

async function main(): Promise<number> {
  const { help, broken, ...options } = chaosOptions(process.argv.slice(2))
  if (help) {
    console.log(USAGE)
    return 0
  }
  const build = BROKEN_BUILDS.find(({ name }) => name === broken)
  if (!build) return (await run(options, new Screen(), stop.signal)) ? 0 : 1
  console.log(`Broken on purpose (${build.name}): ${build.what}.`)
  const { dir, remove } = await makeBrokenBuild(build)
  try {
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/chaos/main.ts', ...args], {
      cwd: dir,
      stdio: 'inherit',
    })
    stop.signal.addEventListener('abort', () => child.kill('SIGTERM'))
    const [code] = await once(child, 'exit')
    return code ?? COULD_NOT_RUN
  } finally {
    await remove()
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  return COULD_NOT_RUN
})
// A client that waited for an answer may still hold a socket; nothing else is left to wait for.
process.exit()
