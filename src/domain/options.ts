import { type CurrencyCode, chargeLimits } from './money.ts'

/** A matter's billing options for its retainer (R2). */
export interface BillingOptions {
  enabled: boolean
  /** What the client is asked for before work starts; null is empty. Zero is saved as empty. */
  initialAmountMinor: bigint | null
  type: 'GENERAL'
  payNewInvoices: 'AUTOMATIC' | 'MANUAL'
  replenishment: Replenishment
}

export interface Replenishment {
  enabled: boolean
  minimumBalanceMinor: bigint
  topUpTriggerMinor: bigint
}

export const NO_OPTIONS: BillingOptions = {
  enabled: false,
  initialAmountMinor: null,
  type: 'GENERAL',
  payNewInvoices: 'AUTOMATIC',
  replenishment: { enabled: false, minimumBalanceMinor: 0n, topUpTriggerMinor: 0n },
}

export type OptionsField = 'initialAmount' | 'minimumBalance' | 'topUpTriggerAmount'

export type OptionsProblem =
  | { code: 'AmountNotAcceptable'; field: OptionsField; reason: 'NEGATIVE' | 'TOO_LARGE' }
  | { code: 'TriggerAboveMinimum' }
  | { code: 'MinimumBalanceRequired' }

/** What R2 refuses in `options`, by name, or null when they can be saved. */
export function optionsProblem(options: BillingOptions, currency: CurrencyCode): OptionsProblem | null {
  const { minimumBalanceMinor, topUpTriggerMinor } = options.replenishment
  const amounts: [OptionsField, bigint][] = [
    ['initialAmount', options.initialAmountMinor ?? 0n],
    ['minimumBalance', minimumBalanceMinor],
    ['topUpTriggerAmount', topUpTriggerMinor],
  ]
  for (const [field, amountMinor] of amounts) {
    if (amountMinor < 0n) return { code: 'AmountNotAcceptable', field, reason: 'NEGATIVE' }
    if (amountMinor > chargeLimits(currency).largestMinor) {
      return { code: 'AmountNotAcceptable', field, reason: 'TOO_LARGE' }
    }
  }
  if (options.replenishment.enabled && minimumBalanceMinor === 0n) return { code: 'MinimumBalanceRequired' }
  if (topUpTriggerMinor > minimumBalanceMinor) return { code: 'TriggerAboveMinimum' }
  return null
}
