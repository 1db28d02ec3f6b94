import type { BillingOptions } from '../../src/domain/options.ts'

/** `'1000.50'` as minor units of a currency with two digits. */
export function usd(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.split('.')
  return BigInt(whole + fraction.padEnd(2, '0'))
}

/** What `Story.save` may change; amounts as decimals, null is empty. What is left out stays as it was. */
export interface Changes {
  enabled?: boolean
  initial?: string | null
  payNewInvoices?: 'AUTOMATIC' | 'MANUAL'
  replenishment?: boolean
  minimum?: string
  trigger?: string
}

/** `options` with `changes` made. */
export function changed(options: BillingOptions, changes: Changes): BillingOptions {
  const { replenishment } = options
  const { initial, minimum, trigger } = changes
  const amountOr = (amount: string | undefined, kept: bigint) => (amount === undefined ? kept : usd(amount))
  return {
    enabled: changes.enabled ?? options.enabled,
    initialAmountMinor: initial === undefined ? options.initialAmountMinor : initial === null ? null : usd(initial),
    type: 'GENERAL',
    payNewInvoices: changes.payNewInvoices ?? options.payNewInvoices,
    replenishment: {
      enabled: changes.replenishment ?? replenishment.enabled,
      minimumBalanceMinor: amountOr(minimum, replenishment.minimumBalanceMinor),
      topUpTriggerMinor: amountOr(trigger, replenishment.topUpTriggerMinor),
    },
  }
}
