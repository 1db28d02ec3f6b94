import { expect } from 'vitest'
import { amountsOf } from '../../src/domain/amounts.ts'
import { projectionOf } from '../../src/domain/projection.ts'
import type { Model } from './model.ts'
import type { Story } from './story.ts'

/** Every figure of the matter is what the model makes of the same life. */
export function figuresAgree({ state, requests, books }: Story, model: Model): void {
  const { dueMinor, liveMinor, pendingMinor, initialRemainingMinor, receivedTowardInitialMinor } = amountsOf(state)
  const { openRequest } = state
  // A refused command counts no arrival yet; what is due knows of it all the same.
  if (state.arrivals.length > 0) {
    const due = { received: model.received, live: model.live(), due: model.due() }
    expect({ received: Number(receivedTowardInitialMinor), live: Number(liveMinor), due: Number(dueMinor) }).toEqual(
      due,
    )
    return
  }
  const row = openRequest && requests.get(openRequest.id)
  expect({
    lifecycle: state.lifecycle,
    balance: Number(state.balanceMinor),
    owed: Number(state.receivableMinor),
    inUnappliedFunds: Number(-books.balanceOf('UNAPPLIED_FUNDS')),
    refundsInFlight: Number(projectionOf(state).refundsInFlightMinor),
    disputed: Number(projectionOf(state).disputedMinor),
    pending: Number(pendingMinor),
    received: Number(receivedTowardInitialMinor),
    initialRemaining: Number(initialRemainingMinor),
    live: Number(liveMinor),
    due: Number(dueMinor),
    locked: state.lifecycle === 'CLOSED' || state.initialLock !== null,
    frozen: state.frozen !== null,
    number: openRequest?.number ?? null,
    requestReceived: Number(openRequest?.receivedMinor ?? 0n),
    requestAmount: row ? Number(row.amountMinor) : null,
    reminders: state.reminders,
    invoices: Object.fromEntries([...books.openInvoices()].map(([id, owedMinor]) => [id, Number(owedMinor)])),
  }).toEqual({
    lifecycle: model.lifecycle,
    balance: model.balance,
    owed: model.books.receivable,
    inUnappliedFunds: model.books.inUnappliedFunds,
    refundsInFlight: model.books.inFlight,
    disputed: model.books.disputed,
    pending: model.pending,
    received: model.received,
    initialRemaining: model.initialRemaining(),
    live: model.live(),
    due: model.due(),
    locked: model.lifecycle === 'CLOSED' || model.locked,
    frozen: model.frozen !== null,
    number: model.open?.number ?? null,
    requestReceived: model.requestReceived,
    requestAmount: model.open ? model.requestReceived + model.due() : null,
    reminders: model.reminders,
    invoices: Object.fromEntries(model.invoices),
  })
  if (openRequest && model.pending === 0) {
    expect(openRequest.kind, 'R8: the kind').toBe(model.initialRemaining() > 0 ? 'INITIAL' : 'TOP_UP')
  }
}
