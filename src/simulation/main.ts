// `npm run simulate -- file.yaml`: plays a scenario through the real workflow in skipped time. `--json`: one object per line.
// Ends with 0 when all is as expected, 1 when something is not, 2 when the file cannot be played.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { play } from './play/play.ts'
import type { Told } from './play/timeline.ts'
import { type ReadScenario, readScenario } from './reading/read-scenario.ts'
import { progressBar } from './show/progress.ts'
import { heading, rowOf } from './show/table.ts'

const USAGE = 'usage: npm run simulate -- <scenario.yaml> [--json]'

class Unplayable extends Error {}
class Stopped extends Error {}

function argumentsGiven(): { file: string; json: boolean } {
  try {
    const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new Error('One file is played at a time.')
    return { file, json: values.json ?? false }
  } catch (error) {
    throw new Unplayable(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

async function read(file: string): Promise<ReadScenario> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Unplayable(`There is no file ${file} to read.\n${USAGE}`)
  })
  const scenario = readScenario(text)
  if (!('mistakes' in scenario)) return scenario
  throw new Unplayable(
    scenario.mistakes.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n'),
  )
}

async function run(): Promise<number> {
  const { file, json } = argumentsGiven()
  const scenario = await read(file)
  const { title, rules, firm, matters } = scenario.scenario
  // Only now, as it takes a moment and a file with mistakes needs none of it.
  const { withOwnWorld } = await import('./world/own-world.ts')
  const differences: string[] = []
  const bar = progressBar()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Stopped('Stopped.')))
  const stopped = new Promise<never>((_, reject) =>
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason)),
  )
  const tell = (told: Told) => {
    // What was under way fails when its world ends; that is no difference.
    if (stop.signal.aborted) return
    if (told.kind === 'difference')
      differences.push(
        `${file}:${told.line}:${told.column} ${told.at} ${told.what}: expected ${told.expected}, got ${told.got}`,
      )
    bar.write(json ? JSON.stringify(told) : rowOf(told, { named: matters.length > 1 }))
  }
  if (!json) console.log(`${title} (${rules.join(', ')})\n\n${heading(firm.currency ?? 'USD')}`)
  try {
    await withOwnWorld((world) => Promise.race([play(scenario, world, { tell, progress: bar.progress }), stopped]))
  } finally {
    bar.stop()
  }
  if (differences.length > 0) console.error(`\n${differences.join('\n')}`)
  return differences.length > 0 ? 1 : 0
}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = error instanceof Unplayable ? 2 : error instanceof Stopped ? 130 : 1
}
process.exit()
