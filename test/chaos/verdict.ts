import { bundleWorkflowCode } from '@temporalio/worker'
import { WORKFLOWS_PATH } from '../../src/worker/workers.ts'
import { OF_THE_BOOKS } from './guarantees/books.ts'
import { ofTheEngine } from './guarantees/engine.ts'
import type { Evidence, Guarantee } from './guarantees/guarantee.ts'
import { OF_THE_MAILS } from './guarantees/mails.ts'
import { OF_WHAT_IS_LEFT } from './guarantees/nothing-left.ts'

/** How a guarantee was judged. */
export interface Ruling extends Pick<Guarantee, 'rules' | 'says'> {
  breaches: string[]
}

const MOST_SHOWN = 10

/** Judges every guarantee, when all is settled and nothing is stopped yet. `progress` is told what is looked at. */
export async function judge(evidence: Evidence, progress: (what: string) => void): Promise<Ruling[]> {
  const bundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: quiet })
  const rulings: Ruling[] = []
  for (const guarantee of [...OF_THE_BOOKS, ...OF_THE_MAILS, ...OF_WHAT_IS_LEFT, ...ofTheEngine(bundle)]) {
    progress(guarantee.says)
    rulings.push(await judgeOne(guarantee, evidence))
  }
  return rulings
}

async function judgeOne({ rules, says, breaches }: Guarantee, evidence: Evidence): Promise<Ruling> {
  try {
    return { rules, says, breaches: await breaches(evidence) }
  } catch (error) {
    return { rules, says, breaches: [`could not be judged: ${String(error)}`] }
  }
}

/** The verdict as a table: one line for each guarantee, and below it what broke it. */
export function verdictTable(rulings: Ruling[]): string {
  const width = Math.max(...rulings.map(({ says }) => says.length))
  return rulings
    .flatMap(({ says, rules, breaches }) => [
      `${breaches.length === 0 ? 'PASS' : 'FAIL'}  ${says.padEnd(width)}  ${rules}`,
      ...breaches.slice(0, MOST_SHOWN).map((breach) => `        ${breach}`),
      ...(breaches.length > MOST_SHOWN ? [`        ... and ${breaches.length - MOST_SHOWN} more`] : []),
    ])
    .join('\n')
}

const nothing = () => undefined
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: console.warn, error: console.error }
