import { amountsOf } from '../amounts.ts'
import { credit, debit } from '../entries.ts'
import type { Command, Refusal } from '../events.ts'
import { min } from '../money.ts'
import type { Turn } from '../turn.ts'
import { takeCurrency } from './currency.ts'
import { notPositive } from './not-positive.ts'
import { topUpIfTriggered } from './requesting.ts'

/** Books an invoice of the firm's billing system and, on AUTOMATIC, pays it from what is available (R16). */
export function recordInvoice(turn: Turn, command: Extract<Command, { kind: 'recordInvoice' }>): Refusal | undefined {
  const { state } = turn
  const { invoiceId, number, amountMinor } = command
  const mismatch = takeCurrency(turn, command.currency)
  if (mismatch) return mismatch
  const problem = notPositive(amountMinor)
  if (problem) return problem
  turn.post('INVOICE_RECORDED', `invoice:${invoiceId}`, [
    debit('ACCOUNTS_RECEIVABLE', amountMinor, { invoiceId }),
    credit('BILLINGS_CONTROL', amountMinor),
  ])
  turn.plan.invoices.push({ id: invoiceId, number, amountMinor })
  state.invoiced = true
  turn.madeId = invoiceId

  const { availableMinor } = amountsOf(state)
  const pays = state.options.enabled && state.options.payNewInvoices === 'AUTOMATIC'
  const paidMinor = pays ? min(availableMinor, amountMinor) : 0n
  if (paidMinor > 0n) draw(turn, invoiceId, `automatic:${invoiceId}`, paidMinor)
  turn.explain('R16', pays ? 'INVOICE_PAID_AUTOMATICALLY' : 'INVOICE_WAITS_FOR_A_PERSON', {
    invoiceId,
    amountMinor,
    availableMinor,
    paidMinor,
  })
  if (paidMinor > 0n || availableMinor < amountMinor) topUpIfTriggered(turn)
  return undefined
}

/** A person pays an invoice from the retainer: the amount given, or as much as both sides allow (R16). */
export function applyRetainer(
  turn: Turn,
  command: Extract<Command, { kind: 'applyRetainer' }>,
  owedMinor: bigint,
): Refusal | undefined {
  const { invoiceId } = command
  if (owedMinor === 0n) return { code: 'InvoiceNotOpen' }
  const { availableMinor } = amountsOf(turn.state)
  const amountMinor = command.amountMinor ?? min(availableMinor, owedMinor)
  const problem = command.amountMinor === null ? undefined : notPositive(command.amountMinor)
  if (problem) return problem
  if (amountMinor > owedMinor) return { code: 'AmountAboveInvoiceRest', restMinor: owedMinor }
  if (amountMinor === 0n || amountMinor > availableMinor) {
    const wantedMinor = command.amountMinor ?? owedMinor
    return { code: 'InsufficientBalance', availableMinor, missingMinor: wantedMinor - availableMinor }
  }
  draw(turn, invoiceId, command.applicationId, amountMinor)
  turn.explain('R16', 'RETAINER_APPLIED', { invoiceId, amountMinor, availableMinor })
  turn.madeId = command.applicationId
  topUpIfTriggered(turn)
  return undefined
}

/** Takes an application back: the money is in the retainer again, the invoice is owed again (R16). */
export function reverseApplication(turn: Turn, command: Extract<Command, { kind: 'reverseApplication' }>): undefined {
  const { applicationId, invoiceId, amountMinor } = command
  turn.post('APPLICATION_REVERSED', `application-reversal:${applicationId}`, [
    debit('ACCOUNTS_RECEIVABLE', amountMinor, { invoiceId }),
    credit('RETAINER', amountMinor),
  ])
  turn.madeId = applicationId
  turn.explain('R16', 'APPLICATION_REVERSED', { applicationId, invoiceId, amountMinor })
}

function draw(turn: Turn, invoiceId: string, applicationId: string, amountMinor: bigint): void {
  turn.post('INVOICE_PAID', `application:${applicationId}`, [
    debit('RETAINER', amountMinor),
    credit('ACCOUNTS_RECEIVABLE', amountMinor, { invoiceId }),
  ])
}
