import type { CurrencyCode } from '../src/domain/money.ts'
import { builder } from './builder.ts'
import { Currency } from './money.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { firmsById } from './reads/people.ts'

type FirmRow = Awaited<ReturnType<typeof firmsById>>[number]

const PracticeSettings = builder.objectRef<FirmRow>('PracticeSettings').implement({
  description:
    'What holds for all of the firm’s matters. Read when it matters: a change reaches running matters at their next step.',
  fields: (t) => ({
    generalRetainerEnabled: t.exposeBoolean('general_retainer_enabled', {
      description: 'The firm’s switch: off, no matter can enable its retainer (R1).',
    }),
    currency: t.field({
      type: Currency,
      description: 'The currency of the firm’s books.',
      resolve: ({ currency }) => currency as CurrencyCode,
    }),
    currencyFixed: t.exposeBoolean('currency_fixed', {
      description: 'Whether a matter has been enabled, which fixes the currency for good (R1).',
    }),
    timeZone: t.exposeString('time_zone', {
      description: 'The firm’s calendar, by IANA name (`America/New_York`): reminders count its days (R9).',
    }),
    reminderDays: t.exposeIntList('reminder_days', {
      description: 'On which days after the sending a request is reminded of, increasing (R9).',
    }),
    reminderHour: t.exposeInt('reminder_hour', { description: 'The local hour reminders go out at, 0 to 23 (R9).' }),
    notificationsEmail: t.exposeString('notifications_email', {
      description: 'Where the firm gets its notices (R12).',
    }),
    senderName: t.exposeString('sender_name', { description: 'The name clients’ mails come from.' }),
    senderEmail: t.exposeString('sender_email', { description: 'The address clients’ mails come from.' }),
    copiesTopUps: t.exposeBoolean('copies_top_ups', {
      description: 'Whether the firm gets a copy of automatic top-ups (R12).',
    }),
  }),
})

export const Firm = builder.loadableNodeRef('Firm', {
  id: { resolve: (firm: FirmRow) => firm.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => firmsById(trx, ids, firmId)),
  toKey: (firm) => firm.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

Firm.implement({
  description: 'A law firm. A token is for one firm, and nothing of another firm is ever seen.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As clients read it.' }),
    practiceSettings: t.field({
      type: PracticeSettings,
      description: 'The firm’s practice settings.',
      resolve: (firm) => firm,
    }),
  }),
})
