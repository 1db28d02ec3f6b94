import fc from 'fast-check'

/**
 * One thing that somebody does: the firm, a client, a bank, the provider. `pick` chooses among what there is at that moment
 * (payments, debits on their way, disputes, refunds, invoices), so that any act makes sense at any time, or is refused.
 */
export interface Act {
  kind: (typeof KINDS)[number]
  /** Which firm, and which of its matters. */
  firm: number
  matter: number
  /** In units of the currency's smallest charge, so that small and odd sums occur; 0 is all there is. */
  size: number
  pick: number
}

/** As often as each is listed. */
const KINDS = [
  'clientPays',
  'clientPays',
  'clientPays',
  'clientPays',
  'clientPaysByDebit',
  'clientPaysByDebit',
  'clientPaysAndDisputes',
  'debitSettles',
  'debitSettles',
  'debitFails',
  'debitReturns',
  'cheque',
  'invoice',
  'invoice',
  'applyRetainer',
  'reverseApplication',
  'refund',
  'refund',
  'refundAll',
  'refundFails',
  'refundSucceeds',
  'refundByHand',
  'dispute',
  'inquiry',
  'inquiryEscalates',
  'disputeWithdraws',
  'disputeWon',
  'disputeWonInPart',
  'disputeLost',
  'transfer',
  'transfer',
  'payOut',
  'payOut',
  'payOutByHand',
  'payoutFails',
  'replenishmentOff',
  'replenishmentOn',
  'withdraw',
  'closeEmptied',
  'closeEmptied',
  'close',
  'payWhatIsOwed',
  'assignUnapplied',
  'assignToOwing',
  'refundUnapplied',
  'providerStumbles',
] as const

/** One act among as many matters as each firm has. */
export const anyAct = (mattersPerFirm: number): fc.Arbitrary<Act> =>
  fc.record({
    kind: fc.constantFrom(...KINDS),
    // Most happens where debits exist, at the firms that keep their books in USD.
    firm: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3),
    matter: fc.nat({ max: mattersPerFirm - 1 }),
    size: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: fc.nat({ max: 40 }) }),
    pick: fc.nat({ max: 1000 }),
  })

/** Acts in the groups in which they happen at the same moment. */
export const lives = (length: number, mattersPerFirm: number): fc.Arbitrary<Act[][]> =>
  fc.array(fc.array(anyAct(mattersPerFirm), { minLength: 1, maxLength: 5 }), {
    minLength: length,
    maxLength: length,
    size: 'max',
  })
