import { identities } from '../../books/identities.ts'
import type { World } from '../world/world.ts'

/** What must hold after any life and does not: the books balance, and each mail they know of reached the outbox once. */
export async function audit(
  { database, outbox }: Pick<World, 'database' | 'outbox'>,
  firmId: string,
): Promise<{ what: string; expected: string; got: string }[]> {
  const breaches = await identities(database.owner, firmId)
  const books = breaches.map(({ code, subject, expected, found }) => ({
    what: `the books: ${code} of ${subject}`,
    expected: String(expected),
    got: String(found),
  }))
  const mails = await database.owner
    .selectFrom('mail')
    .select(['effect_id', 'template'])
    .where('firm_id', '=', firmId)
    .where('sent_at', 'is not', null)
    .execute()
  const copies = new Map<string | null, number>()
  for (const { idempotency_key } of await outbox.emails())
    copies.set(idempotency_key, (copies.get(idempotency_key) ?? 0) + 1)
  const lost = mails.flatMap(({ effect_id, template }) => {
    const count = copies.get(effect_id) ?? 0
    return count === 1
      ? []
      : [{ what: `the outbox: ${template} ${effect_id}`, expected: 'once', got: `${count} times` }]
  })
  return [...books, ...lost]
}
