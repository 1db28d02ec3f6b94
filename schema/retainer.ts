import { type CurrencyCode } from '../src/domain/money.ts'
import type { RetainerPhase } from '../src/domain/projection.ts'
import type { AttentionCode } from '../src/domain/state.ts'
import { RetainerAttention } from './attention.ts'
import { builder } from './builder.ts'
import { RetainerLiveState } from './live-state.ts'
import { Money, money } from './money.ts'
import { RetainerPhaseEnum } from './phase.ts'
import { batched, viewerOf } from './reading.ts'
import { effectsInFlight, openAttention, refundsInFlight } from './reads/retainers.ts'
import { RetainerRequest } from './requests.ts'
import { type RetainerRow, retainerLoader } from './retainer-row.ts'

export const Retainer = builder.loadableNodeRef('Retainer', {
  ...retainerLoader,
  id: { resolve: (row: RetainerRow) => row.matter_id },
})

Retainer.implement({
  description: 'A matter’s general retainer, as the last commit left it.',
  fields: (t) => ({
    phase: t.field({
      type: RetainerPhaseEnum,
      description: 'Where it stands, in one word.',
      resolve: (row) => row.phase as RetainerPhase,
    }),
    sequence: t.int({
      description: 'Its last event: pass it as `after` to `retainerEvents` to miss nothing behind this reading.',
      resolve: (row) => Number(row.version),
    }),
    balance: t.field({
      type: Money,
      description: 'What it holds; below zero only after a reversal (R18).',
      resolve: (row) => money(row.balance_minor, row.currency),
    }),
    pending: t.field({
      type: Money,
      description: 'Bank debits on their way: neither available nor asked for again (R13).',
      resolve: (row) => money(row.pending_minor, row.currency),
    }),
    refundsInFlight: t.field({
      type: Money,
      description: 'What is reserved for refunds that the provider has not moved yet; no part of the balance (R17).',
      resolve: async (row, _args, context) =>
        money(await batched(context, 'refundsInFlight', row.matter_id, refundsInFlight, 0n), row.currency),
    }),
    disputed: t.field({
      type: Money,
      description: 'What clients dispute and is not decided yet (R18).',
      resolve: (row) => money(row.disputed_minor, row.currency),
    }),
    receivable: t.field({
      type: Money,
      description: 'What the client owes because payments were reversed when the matter closed, or since (R20).',
      resolve: (row) => money(row.receivable_minor, row.currency),
    }),
    amountDue: t.field({
      type: Money,
      description: 'What the client may pay now (R4).',
      resolve: (row) => money(row.amount_due_minor, row.currency),
    }),
    initialAmount: t.field({
      type: Money,
      nullable: true,
      description: 'What the client is asked for before work starts; null when empty (R2).',
      resolve: (row) => money(row.initial_amount_minor, row.currency),
    }),
    receivedTowardInitial: t.field({
      type: Money,
      description: 'What of the initial amount has settled (R4).',
      resolve: (row) => money(row.received_toward_initial_minor, row.currency),
    }),
    initialAmountLocked: t.boolean({
      description: 'Whether a payment counts toward the initial amount, which then cannot be edited (R6).',
      resolve: (row) => row.initial_locked_at !== null,
    }),
    initialAmountLockedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is locked (R6).',
      resolve: (row) => row.initial_locked_at,
    }),
    canCreateOnline: t.boolean({
      description: 'Whether Create online is offered: something may be asked for (R3).',
      resolve: (row) => row.can_create_online,
    }),
    openRequest: t.field({
      type: RetainerRequest,
      nullable: true,
      description: 'The one open request (R5).',
      resolve: (row) => row.open_request_id,
    }),
    nextReminderAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the client is reminded next, if something is still due then (R9).',
      resolve: (row) => row.next_reminder_at,
    }),
    effectsInFlight: t.int({
      description: 'Mails and provider calls still to be carried out. 0: what was decided so far has been done.',
      resolve: (row, _args, context) => batched(context, 'effectsInFlight', row.matter_id, effectsInFlight, 0),
    }),
    attention: t.field({
      type: [RetainerAttention],
      description: 'What a person should look at, oldest first; 20 at most.',
      resolve: async (row, _args, context) => {
        const rows = await batched(context, 'attention', row.matter_id, openAttention, [])
        return rows.map(({ code, subject_id, since }) => ({
          code: code as AttentionCode,
          subjectId: subject_id,
          since,
        }))
      },
    }),
    liveState: t.field({
      type: RetainerLiveState,
      nullable: true,
      description: 'Asks the matter’s workflow; null when it does not answer in time, or has not begun.',
      resolve: async (row, _args, context) => {
        const live = await context.liveState(viewerOf(context).firmId, row.matter_id)
        return live && { ...live, currency: row.currency as CurrencyCode }
      },
    }),
  }),
})
