import type Stripe from 'stripe'
import type { Database } from '../../db/pool.ts'
import type { Inbox } from '../../webhooks/inbox.ts'
import { RELEVANT_EVENTS } from '../../webhooks/relevant-events.ts'
import type { FarSide } from './far-side.ts'
import { quiet } from './quiet.ts'
import { until } from './until.ts'

export interface Delivery {
  /** The newest first. */
  reversed?: boolean
  /** Only events of these types; the others come with the next delivery. */
  only?: (type: string) => boolean
  /** Some work is failing just now, and is not waited for. */
  inTrouble?: boolean
}

/** The provider's events on their way to the inbox, as webhooks would bring them. */
export class ProviderNews {
  readonly #sandbox: FarSide
  readonly #inbox: Inbox
  readonly #database: { owner: Database }
  readonly #delivered = new Set<string>()

  constructor(sandbox: FarSide, inbox: Inbox, database: { owner: Database }) {
    this.#sandbox = sandbox
    this.#inbox = inbox
    this.#database = database
  }

  /** Delivers what has happened since, every event twice, and waits until all of it is booked and carried out. */
  async deliver({ reversed = false, only = () => true, inTrouble = false }: Delivery = {}): Promise<void> {
    const all = await this.#sandbox.events()
    const news = all
      .filter(({ id, type }) => !this.#delivered.has(id) && RELEVANT_EVENTS.stripe.has(type as never) && only(type))
      // The sandbox lists the newest first.
      .toReversed()
    for (const event of reversed ? news.toReversed() : news) {
      await this.#file(event)
      await this.#file(event)
      this.#delivered.add(event.id)
    }
    await this.booked()
    if (!inTrouble) await quiet(this.#database)
  }

  /** What has happened so far and matches counts as seen to by a person. */
  async seenTo(matches: (event: Stripe.Event) => boolean): Promise<void> {
    for (const event of (await this.#sandbox.events()).filter(matches)) {
      this.#delivered.add(event.id)
      // Before anybody could look at it.
      const seen = { booked_at: new Date(), outcome: 'seen to by a person', object_id: objectOf(event) }
      const { id, type, account = null } = event
      await this.#database.owner
        .insertInto('inbox')
        .values({ id, source: 'stripe', type, account, ...seen })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(seen))
        .execute()
    }
  }

  #file(event: Stripe.Event): Promise<'new' | 'repeated'> {
    const { id, type, account = null } = event
    return this.#inbox.file({ id, source: 'stripe', type, account, objectId: objectOf(event) })
  }

  /** Waits until every event that has arrived is done. */
  async booked(): Promise<void> {
    const open = () =>
      this.#database.owner.selectFrom('inbox').select(['type', 'outcome']).where('booked_at', 'is', null).execute()
    await until('every event is booked', async () => (await open()).length === 0, 90_000).catch(
      async (error: unknown) => {
        throw new Error(`Open: ${JSON.stringify(await open())}`, { cause: error })
      },
    )
  }
}

const objectOf = ({ data }: Stripe.Event): string => (data.object as { id?: string }).id ?? ''
