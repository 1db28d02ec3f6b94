import type { Client } from '@temporalio/client'
import { patiently } from '../../src/demo/patiently.ts'
import type { Practice } from '../practice/practice.ts'
import { settle } from '../practice/settle.ts'
import { Diary } from './diary.ts'
import { allRuns, engineOf, unfinishedRuns } from './engine-runs.ts'
import { begin, live } from './lives.ts'
import { Processes } from './processes.ts'
import type { Screen } from './screen.ts'
import { playSetPieces } from './set-pieces.ts'
import { keepTraces } from './traces.ts'
import { TroubleMaker } from './trouble-maker.ts'
import { judge, type Ruling, verdictTable } from './verdict.ts'
import { openWorld, type World } from './world.ts'

interface RunOptions {
  seed: number
  minutes: number
  matters: number
}

const STATUS_EVERY_MS = 500
const LEAST_ACTS_PER_MINUTE = 60
/** An event whose matter could not be told comes up again after 30 seconds, then after twice as long as it has waited. */
const SETTLED_WITHIN_MS = 60_000
const LONGEST_PATIENCE_MS = 15 * 60_000

/** One run from start to verdict: whether every guarantee held. Aborting `signal` ends it early, with its reason thrown. */
export async function run(options: RunOptions, screen: Screen, signal: AbortSignal): Promise<boolean> {
  const startedAtMs = Date.now()
  screen.print(`Seed ${options.seed}: ${options.matters} matters for ${options.minutes} min`)
  screen.status('starting ...')
  const world = await openWorld(options.matters, signal)
  const processes = new Processes(world.practice.stack)
  const diary = new Diary((line) => screen.print(line))
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
    void world.practice.stack.failed.then(reject)
  })
  let rulings: Ruling[]
  try {
    rulings = await Promise.race([liveAndJudge(world, diary, options, screen), aborted])
  } finally {
    screen.status('stopping ...')
    await world.stop()
  }
  rulings.push(await processes.judge())
  screen.done()
  screen.print(`\n${verdictTable(rulings)}\n`)
  const seconds = ((Date.now() - startedAtMs) / 1_000).toFixed(0)
  const verdict = rulings.some(failed) ? 'FAIL' : 'PASS'
  screen.print(`${verdict}: seed ${options.seed}, ${diary.acts} acts, ${diary.troubles} troubles, ${seconds} s`)
  return verdict === 'PASS'
}

const failed = ({ breaches }: Ruling): boolean => breaches.length > 0

async function liveAndJudge(world: World, diary: Diary, options: RunOptions, screen: Screen): Promise<Ruling[]> {
  const { seed, minutes } = options
  const trouble = new TroubleMaker(world, diary)
  await trouble.asUsual()
  await begin(world)
  const { mailsAgain } = await playSetPieces(world, diary, trouble)
  const endMs = Date.now() + minutes * 60_000
  const over = AbortSignal.timeout(minutes * 60_000)
  const ticker = setInterval(() => {
    const leftS = Math.max(0, (endMs - Date.now()) / 1_000).toFixed(0)
    screen.status(`${leftS} s left, ${diary.acts} acts, ${diary.troubles} troubles`)
  }, STATUS_EVERY_MS)
  try {
    await Promise.all([
      live(world, diary, seed, { over, leastActs: LEAST_ACTS_PER_MINUTE * minutes }),
      mailsAgain.then(() => trouble.rage(seed, over)),
    ])
    await trouble.heal()
  } finally {
    clearInterval(ticker)
  }
  diary.note('all is well again')
  const temporal = await engineOf(world.practice)
  try {
    // What has not settled by then the verdict names.
    const patienceMs = Math.min(SETTLED_WITHIN_MS + 2 * minutes * 60_000, LONGEST_PATIENCE_MS)
    const onOpen = (count: number) => screen.status(`settling: ${count} still open`)
    await settleAll(world.practice, temporal, patienceMs, onOpen).catch(() => undefined)
    diary.note('settled')
    screen.status('reading histories ...')
    const evidence = { practice: world.practice, diary, temporal, runs: await allRuns(temporal) }
    const rulings = await judge(evidence, (what) => screen.status(`judging: ${what} ...`))
    if (rulings.some(failed)) {
      const dir = await keepTraces(`${seed}-${diary.startedAtMs}`, evidence, rulings)
      screen.print(`Logs, timeline, books and histories are kept in ${dir}`)
    }
    return rulings
  } finally {
    await temporal.connection.close()
  }
}

/** Waits for events, effects and whatever was started to an end. */
async function settleAll(
  practice: Practice,
  temporal: Client,
  withinMs: number,
  onOpen: (count: number) => void,
): Promise<void> {
  await settle(practice, { withinMs, onOpen })
  const ended = async () => {
    const { length } = await unfinishedRuns(temporal)
    onOpen(length)
    return length === 0 || undefined
  }
  await patiently('what was started has ended', ended, withinMs)
}
