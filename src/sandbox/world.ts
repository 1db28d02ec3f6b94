import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../far-side/database.ts'
import type { Deliveries } from '../far-side/deliveries.ts'
import type { Documents } from '../far-side/documents.ts'
import type { FaultSwitches } from '../far-side/faults.ts'
import type { Agenda } from './agenda.ts'
import type { BalanceBook } from './balance-book.ts'
import type { BehaviourSwitches } from './behaviour.ts'
import type { Form } from './form.ts'

/** The version of Stripe's API that is spoken, and the only one. */
export const API_VERSION = '2026-10-28.endive'

/** Everything the resources work with. */
export interface World {
  db: DatabaseSync
  now: Clock
  documents: Documents
  agenda: Agenda
  deliveries: Deliveries
  faults: FaultSwitches
  behaviour: BehaviourSwitches
  balanceBook: BalanceBook
  /** Where the sandbox can be reached, without a slash at the end. */
  baseUrl: () => string
}

/** The API request that made something happen; null for what the payer or time did. */
export type Cause = { id: string; idempotency_key: string | null } | null

/** One API call, authenticated and decoded. `account` is the connected account, or '' for the platform. */
export interface Call {
  world: World
  account: string
  id: string
  params: Form
  cause: Cause
}

/** One endpoint: `:id` in the path is `Call.id`. `act` throws `ApiError` to refuse; what it wrote is then undone. */
export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  act: (call: Call) => object
}

/** Now, in the whole seconds Stripe's objects carry. */
export const seconds = (world: World) => Math.floor(world.now() / 1000)
