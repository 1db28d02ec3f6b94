import type Stripe from 'stripe'
import { newId } from './ids.ts'
import { API_VERSION, type Cause, seconds, type World } from './world.ts'

interface Happening {
  account: string
  type: Stripe.Event.Type
  /** The object as it is now, nothing expanded. */
  object: object
  previous?: object
  cause: Cause
}

/** Records an event and queues its webhook, in the transaction of what it tells of. */
export function emit(world: World, { account, type, object, previous, cause }: Happening): void {
  const event = {
    id: newId('evt_'),
    object: 'event',
    ...(account && { account }),
    api_version: API_VERSION,
    created: seconds(world),
    data: { object, ...(previous && { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 1,
    request: cause ?? { id: null, idempotency_key: null },
    type,
  }
  world.documents.put('event', account, event)
  world.deliveries.enqueue({ id: event.id, type, body: JSON.stringify(event, null, 2) })
}
