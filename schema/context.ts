import type { CommandGateway } from '../src/api/command-gateway.ts'
import type { EventHub } from '../src/api/event-hub.ts'
import type { Database } from '../src/db/pool.ts'
import type { DocumentLinks } from '../src/documents/link.ts'
import type { LiveState } from '../workflows/contract.ts'

/**
 * ADMIN may do everything; BILLER all but practice settings, closing, refunds, transfers, unapplied funds and reconciling; READER
 * reads.
 */
export const ROLES = ['ADMIN', 'BILLER', 'READER'] as const
export type Role = (typeof ROLES)[number]

/** Who asks, as a verified token says. */
export interface Viewer {
  subject: string
  firmId: string
  roles: Role[]
  /** When the token ends, and with it every open subscription. */
  expiresAtMs: number
}

/** What the schema needs from the process it runs in. */
export interface ApiContext {
  db: Database
  commands: CommandGateway
  /** The client's durable payment link for a request. */
  payUrl(requestId: string): string
  /** Short-lived links to documents. */
  documents: DocumentLinks
  /** Has the firm's books compared with the provider's and the engine's; `id` names the run, so that asking again starts no other. */
  startReconciliation(firmId: string, id: string): Promise<void>
  /** Null without a valid token: then no field answers. */
  viewer: Viewer | null
  events: EventHub
  /** Asks the matter's workflow, with a deadline; null when there is no answer. */
  liveState(firmId: string, matterId: string): Promise<LiveState | null>
  /** The sentences that mails to the firm use for an attention code. */
  attentionWording(code: string): { whatHappened: string; whatToDo: string }
}
