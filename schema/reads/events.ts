import type { Refusal } from '../../src/domain/events.ts'
import type { RetainerPhase } from '../../src/domain/projection.ts'
import type { Wire } from '../../src/domain/wire.ts'
import { anyOf, type Firmly } from '../reading.ts'
import { decisionsOfVersions } from './decisions.ts'

type Answer = { ok: true } | { ok: false; refusal: Wire<Refusal> }

interface Outcome {
  phase: RetainerPhase
  balanceMinor: string
  pendingMinor: string
  amountDueMinor: string
}

/** At most `limit` events of a matter behind sequence number `after`, in order, each with its decisions. */
export async function eventsAfter(trx: Firmly, firmId: string, matterId: string, after: number, limit: number) {
  const rows = await trx
    .selectFrom('command')
    .innerJoin('firm', 'firm.id', 'command.firm_id')
    .select((row) => [
      'firm.currency',
      'command.kind',
      'command.at',
      row.ref('command.matter_id').$notNull().as('matter_id'),
      row.ref('command.version').$notNull().as('version'),
      row.ref('command.answer').$castTo<Answer>().as('answer'),
      row.ref('command.outcome').$castTo<Outcome>().as('outcome'),
    ])
    .where('command.firm_id', '=', firmId)
    .where('command.matter_id', '=', matterId)
    .where('command.version', '>', BigInt(after))
    .orderBy('command.version')
    .limit(limit)
    .execute()
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return []
  const decisions = Map.groupBy(
    await decisionsOfVersions(trx, firmId, matterId, first.version, last.version),
    (decision) => decision.version,
  )
  return rows.map((row) => ({ ...row, decisions: decisions.get(row.version) ?? [] }))
}

/** The number of a matter's last event, 0 before the first; undefined when the firm has no such matter. */
export async function lastSequence(trx: Firmly, firmId: string, matterId: string): Promise<number | undefined> {
  const row = await trx
    .selectFrom('retainer')
    .select('version')
    .where('firm_id', '=', firmId)
    .where('matter_id', '=', anyOf([matterId]))
    .executeTakeFirst()
  return row && Number(row.version)
}
