import { randomUUID } from 'node:crypto'
import type { Database } from '../../db/pool.ts'

export interface FirmSettings {
  timeZone?: string | undefined
  currency?: string | undefined
  reminderDays?: number[] | undefined
  reminderHour?: number | undefined
  copiesTopUps?: boolean | undefined
  stripeAccount?: string | undefined
}

export interface FirmInBooks {
  firmId: string
  clientId: string
  clientEmail: string
  firmEmail: string
}

/** Enters a firm with the general retainer on, in New York unless said otherwise, and one client. Give it the owner's pool. */
export async function createFirm(owner: Database, settings: FirmSettings = {}): Promise<FirmInBooks> {
  const firmId = randomUUID()
  const clientId = randomUUID()
  const firmEmail = 'office@hartvale.example'
  const clientEmail = 'ada@lovelace.example'
  await owner
    .insertInto('firm')
    .values({
      id: firmId,
      name: 'Hart, Vale & Partners',
      general_retainer_enabled: true,
      time_zone: settings.timeZone ?? 'America/New_York',
      notifications_email: firmEmail,
      sender_name: 'Hart, Vale & Partners',
      sender_email: 'retainers@hartvale.example',
      stripe_account: settings.stripeAccount ?? null,
      ...(settings.currency && { currency: settings.currency }),
      ...(settings.reminderDays && { reminder_days: settings.reminderDays }),
      ...(settings.reminderHour !== undefined && { reminder_hour: settings.reminderHour }),
      ...(settings.copiesTopUps && { copies_top_ups: true }),
    })
    .execute()
  await owner
    .insertInto('client')
    .values({ id: clientId, firm_id: firmId, name: 'Ada Lovelace', email: clientEmail })
    .execute()
  return { firmId, clientId, clientEmail, firmEmail }
}

/** A matter of the firm's client; gives its id. */
export async function createMatter(
  owner: Database,
  { firmId, clientId }: Pick<FirmInBooks, 'firmId' | 'clientId'>,
  title = 'Analytical engine',
): Promise<string> {
  const matterId = randomUUID()
  await owner
    .insertInto('matter')
    .values({ id: matterId, firm_id: firmId, client_id: clientId, number: matterId.slice(0, 8), title })
    .execute()
  return matterId
}
