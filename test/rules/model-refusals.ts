import type { Command, Fact } from '../../src/domain/events.ts'
import type { Model } from './model.ts'

const SMALLEST = 50
const LARGEST = 99_999_999
const FACTS = [
  'paymentSettled',
  'paymentPending',
  'paymentFailed',
  'sessionOpened',
  'sessionEnded',
  'refundSent',
  'refundWaits',
  'refundTaken',
  'refundFailed',
  'refundFound',
  'disputeOpened',
  'disputeDue',
  'paymentReversed',
  'reversalWon',
  'disputeClosed',
  'transferArrived',
  'effectFailed',
  'mailBounced',
  'reminderDue',
]
const NEVER_REFUSED = new Set([...FACTS, 'dismissAttention'])
const NOT_WHILE_CLOSING = new Set([
  'saveOptions',
  'createOnline',
  'turnReplenishmentOff',
  'withdrawRequest',
  'closeMatter',
  'assignUnappliedFunds',
])

/** The names under which the rules may refuse `event`, none when it is taken; facts cannot be refused. */
export function refusalsOf(model: Model, event: Command | Fact): string[] {
  const problems: string[] = []
  const when = (wrong: boolean, name: string) => wrong && problems.push(name)
  if (NEVER_REFUSED.has(event.kind)) return []
  if (event.kind === 'refundUnappliedFunds') return event.amountMinor > 0n ? [] : ['AmountNotAcceptable']
  if (
    model.lifecycle === 'CLOSED' &&
    (event.kind === 'recordOfflinePayment' || event.kind === 'assignUnappliedFunds')
  ) {
    const owed = model.books.receivable
    when(owed === 0, 'MatterClosed')
    when(event.amountMinor <= 0n, 'AmountNotAcceptable')
    when(Number(event.amountMinor) > owed, 'AmountAboveReceivable')
    return problems
  }
  if (model.lifecycle === 'CLOSED') return ['MatterClosed']
  if (model.lifecycle === 'CLOSING' && NOT_WHILE_CLOSING.has(event.kind)) return ['MatterClosing']
  switch (event.kind) {
    case 'saveOptions': {
      const { options } = event
      const initial = Number(options.initialAmountMinor ?? 0n)
      const minimum = Number(options.replenishment.minimumBalanceMinor)
      const trigger = Number(options.replenishment.topUpTriggerMinor)
      when(
        [initial, minimum, trigger].some((amount) => amount < 0 || amount > LARGEST),
        'AmountNotAcceptable',
      )
      when(options.replenishment.enabled && minimum === 0, 'MinimumBalanceRequired')
      when(trigger > minimum, 'TriggerAboveMinimum')
      when(model.locked && initial !== model.initial, 'InitialAmountLocked')
      break
    }
    case 'createOnline':
      when(!model.enabled, 'RetainerNotEnabled')
      when(model.enabled && model.live() === 0, model.frozen ? 'ReplenishmentOff' : 'NothingDue')
      break
    case 'turnReplenishmentOff':
      when(!model.enabled, 'RetainerNotEnabled')
      break
    case 'withdrawRequest':
      when(!model.open, 'NoOpenRequest')
      break
    case 'openPayment': {
      if (!model.open || event.requestId !== `matter-r${model.open.number}`) return ['RequestNotOpen']
      if (model.due() === 0) return ['NothingDue']
      if (event.amountMinor === null) break
      const amount = Number(event.amountMinor)
      when(amount < SMALLEST, 'PaymentTooSmall')
      when(amount > LARGEST, 'PaymentTooLarge')
      when(amount < model.due() && model.due() - amount < SMALLEST, 'RemainderTooSmall')
      break
    }
    case 'refundRetainer': {
      const amount = event.amountMinor === null ? model.available : Number(event.amountMinor)
      when(event.amountMinor !== null && amount <= 0, 'AmountNotAcceptable')
      when(model.available === 0, 'NothingToRefund')
      when(amount > model.available, 'InsufficientBalance')
      break
    }
    case 'transferRetainer':
      when(event.toMatterId === 'matter', 'SameMatter')
      when(event.amountMinor <= 0n, 'AmountNotAcceptable')
      when(Number(event.amountMinor) > model.available, 'InsufficientBalance')
      break
    case 'assignUnappliedFunds':
    case 'recordOfflinePayment':
    case 'recordInvoice':
      when(event.amountMinor <= 0n, 'AmountNotAcceptable')
      break
    case 'applyRetainer': {
      const rest = model.invoices.get(event.invoiceId)
      if (rest === undefined) return ['InvoiceNotOpen']
      const amount = event.amountMinor === null ? Math.min(rest, model.available) : Number(event.amountMinor)
      when(event.amountMinor !== null && amount <= 0, 'AmountNotAcceptable')
      when(amount > rest, 'AmountAboveInvoiceRest')
      when(amount > model.available || (event.amountMinor === null && amount === 0), 'InsufficientBalance')
      break
    }
    default:
      break
  }
  return problems
}
