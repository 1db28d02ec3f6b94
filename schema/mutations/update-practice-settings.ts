import { z } from 'zod'
import { builder } from '../builder.ts'
import { email, keyField, text } from '../inputs.ts'
import { Currency } from '../money.ts'
import { Firm } from '../practice-settings.ts'
import { once } from './once.ts'
import { applySettings, isTimeZone } from './practice-settings.ts'
import { refused, resultType } from './result.ts'

const reminderDays = z
  .array(z.int().min(1, 'must be days from 1').max(365, 'must be days up to 365'))
  .max(12, 'must be 12 at most')
  .refine((days) => days.every((day, nth) => nth === 0 || day > (days[nth - 1] ?? 0)), 'must increase')

const reminderHour = z.int().min(0, 'must be 0 to 23').max(23, 'must be 0 to 23')

const Input = builder.inputType('UpdatePracticeSettingsInput', {
  description: 'What of the practice settings changes; what is left out stays.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    generalRetainerEnabled: t.boolean({ required: false, description: 'The firm’s switch (R1).' }),
    currency: t.field({
      type: Currency,
      required: false,
      description: 'The currency of the books, until it is fixed (R1).',
    }),
    timeZone: t.string({
      required: false,
      validate: z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as America/New_York'),
      description: 'The firm’s calendar, by IANA name (R9).',
    }),
    reminderDays: t.intList({
      required: false,
      validate: reminderDays,
      description: 'Days after the sending, 1 to 365, increasing, 12 at most; none: no reminders (R9).',
    }),
    reminderHour: t.int({ required: false, validate: reminderHour, description: 'The local hour, 0 to 23 (R9).' }),
    notificationsEmail: t.string({ required: false, validate: email, description: 'Where the firm gets its notices.' }),
    senderName: t.string({
      required: false,
      // What a mail’s From line cannot take.
      validate: text(100).regex(/^[^"<>\\]*$/, 'must not have quotation marks, angle brackets or backslashes'),
      description: 'The name clients’ mails come from.',
    }),
    senderEmail: t.string({ required: false, validate: email, description: 'The address clients’ mails come from.' }),
    copiesTopUps: t.boolean({ required: false, description: 'Whether the firm gets copies of top-ups (R12).' }),
    name: t.string({ required: false, validate: text(200), description: 'The firm’s name, as clients read it.' }),
  }),
})

const Payload = builder.objectRef<{ firmId: string }>('UpdatePracticeSettingsPayload').implement({
  description: 'The settings are saved; running matters read them when they next need them.',
  fields: (t) => ({
    firm: t.field({ type: Firm, description: 'The firm after it.', resolve: ({ firmId }) => firmId }),
  }),
})

builder.mutationField('updatePracticeSettings', (t) =>
  t.field({
    type: resultType(Payload, ['GeneralRetainerInUse', 'CurrencyFixed', 'IdempotencyKeyReused']),
    authScopes: { admin: true },
    description: 'Changes the firm’s practice settings (R1, R9).',
    args: { input: t.arg({ type: Input, description: 'The changes.' }) },
    resolve: async (_root, { input }, context) => {
      const { idempotencyKey: key, ...changes } = input
      const asked = { key, kind: 'updatePracticeSettings', input: changes }
      const answer = await once(context, asked, (trx, firmId) => applySettings(trx, firmId, changes))
      return answer.refusal ? refused(context, answer.refusal) : { firmId: answer.id }
    },
  }),
)
