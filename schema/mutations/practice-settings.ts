import { sql } from 'kysely'
import type { CurrencyCode } from '../../src/domain/money.ts'
import { badInput } from '../errors.ts'
import type { Firmly } from '../reading.ts'
import type { RefusalOf } from '../refusals/refusal.ts'

type Changes = {
  [Setting in keyof Settings]?: Settings[Setting] | null | undefined
}

interface Settings {
  name: string
  generalRetainerEnabled: boolean
  currency: CurrencyCode
  timeZone: string
  reminderDays: number[]
  reminderHour: number
  notificationsEmail: string
  senderName: string
  senderEmail: string
  copiesTopUps: boolean
}

/** Saves what changes of the firm's settings, under the lock that enabling a matter takes too (R1). */
export async function applySettings(
  trx: Firmly,
  firmId: string,
  changes: Changes,
): Promise<{ id: string } | { refusal: RefusalOf<'GeneralRetainerInUse' | 'CurrencyFixed'> }> {
  const firm = await trx.selectFrom('firm').selectAll().where('id', '=', firmId).forUpdate().executeTakeFirstOrThrow()
  if (changes.generalRetainerEnabled === false && firm.general_retainer_enabled) {
    const matterCount = await mattersInUse(trx, firmId)
    if (matterCount > 0) return { refusal: { code: 'GeneralRetainerInUse', matterCount } }
  }
  if (
    changes.currency &&
    changes.currency !== firm.currency &&
    (firm.currency_fixed || (await hasBooks(trx, firmId)))
  ) {
    return { refusal: { code: 'CurrencyFixed', currency: firm.currency as CurrencyCode } }
  }
  if (changes.timeZone && !(await isKnownHere(trx, changes.timeZone))) {
    throw badInput('timeZone', 'NOT_ACCEPTABLE', 'This time zone is not known.')
  }
  await trx
    .updateTable('firm')
    .set({
      name: changes.name ?? firm.name,
      general_retainer_enabled: changes.generalRetainerEnabled ?? firm.general_retainer_enabled,
      currency: changes.currency ?? firm.currency,
      time_zone: changes.timeZone ?? firm.time_zone,
      reminder_days: changes.reminderDays ?? firm.reminder_days,
      reminder_hour: changes.reminderHour ?? firm.reminder_hour,
      notifications_email: changes.notificationsEmail ?? firm.notifications_email,
      sender_name: changes.senderName ?? firm.sender_name,
      sender_email: changes.senderEmail ?? firm.sender_email,
      copies_top_ups: changes.copiesTopUps ?? firm.copies_top_ups,
    })
    .where('id', '=', firmId)
    .execute()
  return { id: firmId }
}

async function mattersInUse(trx: Firmly, firmId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('retainer')
    .select((row) => row.fn.countAll<bigint>().as('count'))
    .where('firm_id', '=', firmId)
    .where((is) =>
      is.or([is.and([is('enabled', '=', true), is('phase', '<>', 'CLOSED')]), is('balance_minor', '>', 0n)]),
    )
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Amounts in the books are in the firm's currency, whether or not a matter was ever enabled. */
async function hasBooks(trx: Firmly, firmId: string): Promise<boolean> {
  return (await trx.selectFrom('posting').select('id').where('firm_id', '=', firmId).limit(1).execute()).length > 0
}

/** PostgreSQL turns the firm's local hour into instants (R9), so a zone must be one of its own. */
async function isKnownHere(trx: Firmly, timeZone: string): Promise<boolean> {
  const { rows } = await sql`select from pg_timezone_names where name = ${timeZone}`.execute(trx)
  return rows.length > 0
}

/** A zone by its name: an offset such as `+01:00` means its opposite to PostgreSQL. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format()
    return true
  } catch {
    return false
  }
}
