import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import { read } from './reading.ts'
import { type Totals, totalsOf } from './reads/totals.ts'
import { ViewerType } from './viewer.ts'

type Amount = Extract<keyof Totals, `${string}Minor`>
type Count = Extract<keyof Totals, `${string}Count`>

const FirmTotals = builder.objectRef<Totals>('FirmTotals').implement({
  description: 'The firm at a glance: all of its matters together.',
  fields: (t) => {
    const amount = (name: Amount, description: string) =>
      t.field({ type: Money, description, resolve: (totals) => money(totals[name], totals.currency) })
    const count = (name: Count, description: string) =>
      t.int({ description, resolve: (totals) => Number(totals[name]) })
    return {
      held: amount('heldMinor', 'What the retainers hold: the sum of the balances, those below zero taken off.'),
      onItsWay: amount('onItsWayMinor', 'Bank debits that have not settled yet (R13).'),
      amountDue: amount('amountDueMinor', 'What clients may pay now, asked for or not (R4).'),
      requestedAndUnpaid: amount('requestedMinor', 'What is due on open requests, less what is on its way (R8).'),
      requestedCount: count('requestedCount', 'How many requests that is.'),
      overdue: amount('overdueMinor', 'What of it is overdue: `RetainerRequest.overdue`.'),
      overdueCount: count('overdueCount', 'How many requests are overdue.'),
      unapplied: amount('unappliedMinor', 'What lies in the firm’s unapplied funds (R15).'),
      unpaidInvoices: amount('unpaidInvoicesMinor', 'What is still owed on invoices (R16).'),
      refundsInFlight: amount(
        'refundsInFlightMinor',
        'Reserved for refunds that the provider has not moved yet (R17).',
      ),
      disputed: amount('disputedMinor', 'What clients dispute and is not decided yet (R18).'),
      belowMinimumCount: count('belowMinimumCount', 'How many matters the filter `belowMinimum` finds.'),
      attentionCount: count('attentionCount', 'How many matters the filter `attention` finds.'),
      firmAttentionCount: count('firmAttentionCount', 'How much needs attention that belongs to no matter.'),
    }
  },
})

builder.objectField(ViewerType, 'totals', (t) =>
  t.field({
    type: FirmTotals,
    description: 'What a dashboard shows, as of this moment.',
    resolve: (_viewer, _args, context) => read(context, totalsOf),
  }),
)
