import { type CurrencyCode } from '../src/domain/money.ts'
import type { LiveState } from '../workflows/contract.ts'
import { RetainerAttention } from './attention.ts'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import { RetainerPhaseEnum } from './phase.ts'
import { RetainerRequest } from './requests.ts'

type Live = LiveState & { currency: CurrencyCode }

export const RetainerLiveState = builder.objectRef<Live>('RetainerLiveState').implement({
  description:
    'What the matter’s workflow holds at this moment. For operators and tests: screens read the committed fields.',
  fields: (t) => ({
    sequence: t.int({ description: 'Its last event: `RetainerEvent.sequence`.', resolve: ({ version }) => version }),
    phase: t.field({ type: RetainerPhaseEnum, description: 'Where it stands.', resolve: ({ phase }) => phase }),
    balance: t.field({
      type: Money,
      description: 'The balance it knows.',
      resolve: (live) => money(BigInt(live.balanceMinor), live.currency),
    }),
    pending: t.field({
      type: Money,
      description: 'Money on its way (R13).',
      resolve: (live) => money(BigInt(live.pendingMinor), live.currency),
    }),
    amountDue: t.field({
      type: Money,
      description: 'The amount due (R4).',
      resolve: (live) => money(BigInt(live.amountDueMinor), live.currency),
    }),
    openRequest: t.field({
      type: RetainerRequest,
      nullable: true,
      description: 'The open request (R5).',
      resolve: ({ openRequestId }) => openRequestId,
    }),
    nextReminderAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The deadline it waits for (R9).',
      resolve: ({ nextReminderAtMs }) => (nextReminderAtMs === null ? null : new Date(nextReminderAtMs)),
    }),
    effectsInFlight: t.exposeInt('effectsInFlight', {
      description: 'Mails and provider calls its courier has still to carry out.',
    }),
    attention: t.field({
      type: [RetainerAttention],
      description: 'What it shows as needing attention.',
      resolve: ({ attention }) => attention.map(({ sinceMs, ...rest }) => ({ ...rest, since: new Date(sinceMs) })),
    }),
  }),
})
