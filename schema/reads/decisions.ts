import type { DecisionInput } from '../../src/domain/state.ts'
import type { Page } from '../paging.ts'
import { each, type Firmly, ITS_ID } from '../reading.ts'

/** Only decisions from this instant on, and before that one. */
export interface Span {
  from?: Date | null | undefined
  until?: Date | null | undefined
}

const decisions = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('decision')
    .innerJoin('firm', 'firm.id', 'decision.firm_id')
    .where('decision.firm_id', '=', firmId)
    .select((row) => [
      'firm.currency',
      'decision.matter_id',
      'decision.version',
      'decision.line',
      'decision.rule',
      'decision.code',
      row.ref('decision.inputs').$castTo<Record<string, DecisionInput>>().as('inputs'),
      'decision.at',
    ])

/** The same page of every matter's decisions, newest first, by matter. The key is version and line. */
export async function decisionPages(
  trx: Firmly,
  matterIds: string[],
  firmId: string,
  { limit, after }: Page<[number, number]>,
  { from, until }: Span,
) {
  let query = decisions(trx, firmId)
    .where('decision.matter_id', '=', ITS_ID)
    .orderBy('decision.version', 'desc')
    .orderBy('decision.line', 'desc')
    .limit(limit)
  if (from) query = query.where('decision.at', '>=', from)
  if (until) query = query.where('decision.at', '<', until)
  if (after !== null) {
    const [version, line] = after
    query = query.where((is) =>
      is(is.refTuple('decision.version', 'decision.line'), '<', is.tuple(BigInt(version), line)),
    )
  }
  const rows = await trx
    .selectFrom(each(matterIds))
    .innerJoinLateral(
      () => query.as('decision'),
      (join) => join.onTrue(),
    )
    .selectAll('decision')
    .orderBy('version', 'desc')
    .orderBy('line', 'desc')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}

/** The decisions of one matter's versions, in order. */
export const decisionsOfVersions = (trx: Firmly, firmId: string, matterId: string, first: bigint, last: bigint) =>
  decisions(trx, firmId)
    .where('decision.matter_id', '=', matterId)
    .where((is) => is.between('decision.version', first, last))
    .orderBy('decision.version')
    .orderBy('decision.line')
    .execute()
