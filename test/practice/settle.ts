import { sql } from 'kysely'
import { patiently } from '../../src/demo/patiently.ts'
import type { Practice } from './practice.ts'

/** How the ids of events begin that tell of objects nobody knows: such events stay open until the provider would know. */
export const STRANGER = 'evt_stranger-'

interface SettleOptions {
  withinMs?: number
  /** Told how much is still open, each time that was looked at. */
  onOpen?: (count: number) => void
}

/**
 * Waits until every event has found its place and all that was planned is done, with the far side in order again.
 * @throws naming what is still open when the time is over
 */
export async function settle(practice: Practice, { withinMs = 120_000, onOpen }: SettleOptions = {}): Promise<void> {
  await Promise.all([practice.sandbox.healed(), practice.outbox.healed()])
  await patiently(
    'all that happened has found its place',
    async () => {
      const open = await openWork(practice)
      onOpen?.(open.length)
      if (open.length > 0) throw new Error(open.join(', '))
      return true
    },
    withinMs,
  )
}

/** What has not found its place or is not done yet, a line each. */
export async function openWork({ db, sandbox, outbox }: Practice): Promise<string[]> {
  const undelivered = await Promise.all([sandbox, outbox].map(({ url }) => webhooksUnderWay(url)))
  const { rows } = await sql<{ open: string }>`
    select 'event ' || id || ' ' || type || coalesce(' (' || outcome || ')', '') as open from inbox
      where booked_at is null and not starts_with(id, ${STRANGER})
    union all select 'effect ' || id || ' ' || kind from effect where status = 'PLANNED'
    union all select 'arrival at ' || matter_id from retainer where jsonb_array_length(state->'arrivals') > 0
    `.execute(db)
  return [...undelivered.flat(), ...rows.map(({ open }) => open)]
}

async function webhooksUnderWay(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/_control/deliveries`)
  const deliveries = (await answer.json()) as { state: string; eventId: string; type: string }[]
  return deliveries
    .filter(({ state }) => state === 'pending' || state === 'held')
    .map(({ eventId, type }) => `webhook ${eventId} ${type} under way`)
}
