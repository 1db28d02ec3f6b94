import { sql } from 'kysely'
import { digest } from '../../src/api/command-gateway.ts'
import { fromWire, toWire, type Wire } from '../../src/domain/wire.ts'
import type { ApiContext } from '../context.ts'
import { type Firmly, write } from '../reading.ts'
import type { Refusal } from '../refusals/refusal.ts'

type Answer = { id: string; refusal?: never } | { refusal: Refusal }

interface Once {
  key: string
  /** The mutation's name. */
  kind: string
  /** Everything the asker gave. */
  input: object
}

/**
 * What the API writes itself (people, matters, settings), in one transaction with its answer: the same key with the same
 * input answers the same, with other input it is refused.
 */
export function once(
  context: ApiContext,
  { key, kind, input }: Once,
  work: (trx: Firmly, firmId: string) => Promise<Answer>,
): Promise<Answer> {
  return write(context, async (trx, firmId) => {
    const inputHash = digest({ kind, input })
    // Two requests with one key at the same moment: the second waits here and finds the first one's answer.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${firmId} ${key}`}, 0))`.execute(trx)
    const known = await trx
      .selectFrom('command')
      .select(['input_hash', 'answer'])
      .where('firm_id', '=', firmId)
      .where('key', '=', key)
      .executeTakeFirst()
    if (known) {
      return known.input_hash === inputHash
        ? fromWire<Answer>(known.answer as unknown as Wire<Answer>)
        : { refusal: { code: 'IdempotencyKeyReused' } }
    }
    const answer = await work(trx, firmId)
    await trx
      .insertInto('command')
      .values({
        firm_id: firmId,
        key,
        input_hash: inputHash,
        kind,
        answer: JSON.stringify(toWire(answer)),
        at: new Date(),
      })
      .execute()
    return answer
  })
}
