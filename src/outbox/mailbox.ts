import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../far-side/database.ts'
import type { Deliveries } from '../far-side/deliveries.ts'
import type { Documents, Page } from '../far-side/documents.ts'
import { type FaultSwitches, Faults } from '../far-side/faults.ts'
import { addressOf, type Email } from './email.ts'
import { type EmailEvent, eventDetail, fateOf } from './fate.ts'

/** The outbox's faults: those of `Faults`, and `bounceAddresses`: whatever is sent there bounces. */
export const OutboxFaults = Faults.extend({ bounceAddresses: z.array(z.string().toLowerCase()).default([]) })

/** An accepted email and what became of it. */
export interface StoredEmail extends Email {
  id: string
  message_id: string
  /** Seconds, for the order of lists. */
  created: number
  created_at: string
  idempotency_key: string | null
  last_event: EmailEvent
  events: { type: EmailEvent; at: string }[]
}

/** Everything that was sent. */
export interface Mailbox {
  /** Takes an email in and queues the webhooks that tell of its fate. Call it in a transaction. */
  accept(email: Email, idempotencyKey: string | null): StoredEmail
  get(id: string): StoredEmail | undefined
  /** Newest first; undefined for an unknown cursor. */
  page(page: Page): { data: StoredEmail[]; hasMore: boolean } | undefined
  /** All of them, oldest first; with `to`, those to this address. */
  all(to?: string): StoredEmail[]
}

interface Parts {
  now: Clock
  documents: Documents
  deliveries: Deliveries
  faults: FaultSwitches<z.output<typeof OutboxFaults>>
}

const KIND = 'email'
const EVERYTHING = 100_000

/** Gives the mailbox on the given store. */
export function openMailbox({ now, documents, deliveries, faults }: Parts): Mailbox {
  function announce(email: StoredEmail, type: EmailEvent): void {
    const { id, message_id, created_at, from, to, subject } = email
    const tags = email.tags.length > 0 && { tags: Object.fromEntries(email.tags.map((tag) => [tag.name, tag.value])) }
    const data = { email_id: id, message_id, created_at, from, to, subject, ...tags, ...eventDetail(type) }
    const body = JSON.stringify({ type: `email.${type}`, created_at: new Date(now()).toISOString(), data })
    deliveries.enqueue({ id: `msg_${randomUUID().replaceAll('-', '')}`, type: `email.${type}`, body })
  }

  return {
    accept(email, idempotencyKey) {
      const id = randomUUID()
      const at = new Date(now()).toISOString()
      const fate = fateOf(email, faults.current().bounceAddresses)
      const stored: StoredEmail = {
        ...email,
        id,
        message_id: `<${id}@outbox>`,
        created: Math.floor(now() / 1000),
        created_at: at,
        idempotency_key: idempotencyKey,
        last_event: fate.at(-1) ?? 'sent',
        events: fate.map((type) => ({ type, at })),
      }
      documents.put(KIND, '', stored)
      for (const type of fate) announce(stored, type)
      return stored
    },
    get: (id) => documents.get<StoredEmail>(KIND, '', id),
    page: (page) => documents.list<StoredEmail>(KIND, '', page),
    all(to) {
      const emails = documents.all<StoredEmail>(KIND, EVERYTHING).map(({ doc }) => doc)
      const wanted = to?.toLowerCase()
      return emails.filter((email) => !wanted || email.to.some((mailbox) => addressOf(mailbox) === wanted)).reverse()
    },
  }
}
