import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { PROJECT_DIR } from '../../src/stack/programs.ts'
import { inDiary } from './diary.ts'
import type { Evidence } from './guarantees/guarantee.ts'
import type { Ruling } from './verdict.ts'

/** What the books hold about matters, and what the provider's money is followed by. */
const TABLES = [
  'attempt',
  'command',
  'decision',
  'dispute',
  'effect',
  'entry',
  'inbox',
  'payment',
  'payout',
  'payout_line',
  'posting',
  'refund_part',
  'retainer',
] as const

/** Keeps what one needs to find the cause, in a folder that it names: logs, timeline, verdict, books and histories. */
export async function keepTraces(name: string, evidence: Evidence, rulings: Ruling[]): Promise<string> {
  const { practice, diary, runs } = evidence
  const dir = path.join(PROJECT_DIR, '.data', 'chaos', name)
  const histories = path.join(dir, 'histories')
  await mkdir(histories, { recursive: true })
  await cp(path.join(practice.stack.dataDir, 'logs'), path.join(dir, 'logs'), { recursive: true })
  await writeFile(path.join(dir, 'timeline.txt'), diary.lines.map(inDiary).join('\n'))
  await writeFile(path.join(dir, 'verdict.json'), inJson(rulings))
  for (const table of TABLES) {
    await writeFile(path.join(dir, `${table}.json`), inJson(await practice.db.selectFrom(table).selectAll().execute()))
  }
  const named = rulings.flatMap(({ breaches }) => breaches).join('\n')
  for (const [index, { workflowId, history }] of runs.entries()) {
    // Those of matters are many and long; those of payouts are few, and what waits for a payout names its event only.
    if (!named.includes(workflowId) && !workflowId.startsWith('payout')) continue
    await writeFile(path.join(histories, `${workflowId}.${index}.json`), historyToJSON(history))
  }
  return dir
}

const inJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item), 1)
