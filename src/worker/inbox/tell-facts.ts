import type { Client } from '@temporalio/client'
import type { SignalKind } from '../../../workflows/contract.ts'
import { factKey, overtakenBy } from '../../../workflows/fact-keys.ts'
import type { Database } from '../../db/pool.ts'
import type { Fact } from '../../domain/events.ts'
import { toWire } from '../../domain/wire.ts'
import { type KnownMatter, tellMatter } from './matters.ts'
import { type InboxRow, leaveOpen, settleRow } from './rows.ts'

/** A fact that the inbox can tell. */
export type ToldFact = Extract<Fact, { kind: SignalKind }>

/**
 * Tells a matter, in their order, those of the facts that its books do not have yet. The event is done when all of them are
 * booked, and those that are `awaited`, until then: facts that are not told yet. When there is none, now.
 */
export async function tellFacts(
  { db, temporal }: { db: Database; temporal: Client },
  row: InboxRow,
  matter: Pick<KnownMatter, 'firmId' | 'matterId'>,
  facts: ToldFact[],
  awaited: { facts: ToldFact[]; untilMs: number } = { facts: [], untilMs: 0 },
): Promise<void> {
  const news = await unbooked(db, matter.firmId, facts)
  const toCome = await unbooked(db, matter.firmId, awaited.facts)
  if (news.length === 0 && toCome.length > 0) {
    return leaveOpen(db, row.id, 'waits for what is still to come', { untilMs: awaited.untilMs })
  }
  if (news.length === 0) return settleRow(db, row.id, 'nothing new')
  const told = { inboxId: row.id, inboxKeys: [...news, ...toCome].map(factKey) }
  for (const fact of news) {
    const { kind, ...fields } = toWire(fact)
    await tellMatter(temporal, matter, kind, { ...fields, ...told })
  }
}

/** Those of the facts that no commit has taken yet, and that say something new. */
export async function unbooked(db: Database, firmId: string, facts: ToldFact[]): Promise<ToldFact[]> {
  if (facts.length === 0) return []
  const keysOf = (fact: ToldFact) => [factKey(fact), ...overtakenBy(fact)]
  const booked = await db
    .selectFrom('command')
    .select('key')
    .where('firm_id', '=', firmId)
    .where('key', 'in', facts.flatMap(keysOf))
    .execute()
  const keys = new Set(booked.map(({ key }) => key))
  return facts.filter((fact) => !keysOf(fact).some((key) => keys.has(key)))
}
