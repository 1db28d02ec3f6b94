import { randomUUID } from 'node:crypto'
import { chargeLimits, toDecimalString } from '../../src/domain/money.ts'
import type { Act } from './acts.ts'
import { ask, gid } from './asking.ts'
import { BANK_ACCOUNT, CARD, type Means, payAtPage, payUrlOf } from './paying.ts'
import { type Firm, openMatter, type Practice } from './practice.ts'
import { WhatThereIs } from './what-there-is.ts'

const DISPUTING_CARD: Means = { card_number: '4000000000000259' }

/** Carries out acts as the people and providers of a practice do: over the API, the payment page and the provider. */
export class People {
  readonly #practice: Practice
  readonly #there: WhatThereIs

  constructor(practice: Practice) {
    this.#practice = practice
    this.#there = new WhatThereIs(practice.db)
  }

  /** Does it; what the rules or the provider refuse, or what makes no sense now, is no failure. */
  async act(act: Act): Promise<void> {
    const firm = this.#practice.firms[act.firm] as Firm
    const matterId = firm.matterIds[act.matter] as string
    const { sandbox } = this.#practice
    switch (act.kind) {
      case 'clientPays':
        return this.#pays(firm, matterId, act, CARD)
      case 'clientPaysAndDisputes':
        return this.#pays(firm, matterId, act, DISPUTING_CARD)
      case 'clientPaysByDebit':
        return this.#pays(firm, matterId, act, BANK_ACCOUNT)
      case 'debitSettles':
        return this.#atProvider(act, this.#there.debitsOnTheirWay(firm), (id) => sandbox.debitSettles(id))
      case 'debitFails':
        return this.#atProvider(act, this.#there.debitsOnTheirWay(firm), (id) => sandbox.debitFails(id))
      case 'debitReturns':
        return this.#atProvider(act, this.#there.payments(firm, 'BANK_DEBIT'), (id) => sandbox.debitReturns(id))
      case 'cheque':
        return ask(firm, 'recordOfflinePayment', {
          matterId: gid(matterId),
          method: 'CHEQUE',
          reference: 'of the Lovelace estate',
          amount: this.#money(firm, act),
        })
      case 'invoice': {
        const number = `INV-${randomUUID().slice(0, 8)}`
        return ask(firm, 'recordInvoice', { matterId: gid(matterId), number, amount: this.#money(firm, act) })
      }
      case 'applyRetainer': {
        const invoiceId = pickOf(act, await this.#there.invoices(firm, matterId))
        return invoiceId ? ask(firm, 'applyRetainerToInvoice', { invoiceId: gid(invoiceId, 'Invoice') }) : undefined
      }
      case 'reverseApplication': {
        const applicationId = pickOf(act, await this.#there.applications(firm, matterId))
        if (!applicationId) return undefined
        return ask(firm, 'reverseApplication', { applicationId: gid(applicationId, 'RetainerApplication') })
      }
      case 'refund':
        return ask(firm, 'refundRetainer', { matterId: gid(matterId), amount: this.#money(firm, act) })
      case 'refundAll':
        return ask(firm, 'refundRetainer', { matterId: gid(matterId) })
      case 'refundFails':
        return this.#atProvider(act, this.#there.refundsAtProvider(firm), (id) => sandbox.refundFails(id))
      case 'refundSucceeds':
        return this.#atProvider(act, this.#there.refundsAtProvider(firm), (id) => sandbox.refundSucceeds(id))
      case 'refundByHand':
        return this.#atProvider(act, this.#there.payments(firm), (id) => sandbox.refundByHand(id))
      case 'dispute':
        return this.#atProvider(act, this.#there.payments(firm), (id) =>
          sandbox.dispute(id, { withdraw: act.size % 2 === 0 }),
        )
      case 'inquiry':
        return this.#atProvider(act, this.#there.payments(firm), (id) => sandbox.dispute(id, { inquiry: true }))
      case 'inquiryEscalates': {
        const paymentId = pickOf(act, await this.#there.payments(firm))
        if (!paymentId) return undefined
        return tolerating(async () => {
          const { id } = await sandbox.dispute(paymentId, { inquiry: true })
          await sandbox.disputeWithdraws(id)
        })
      }
      case 'disputeWithdraws':
        return this.#atProvider(act, this.#there.disputes(firm), (id) => sandbox.disputeWithdraws(id))
      case 'disputeWon':
        return this.#atProvider(act, this.#there.disputes(firm), (id) => sandbox.disputeWon(id))
      case 'disputeWonInPart':
        return this.#atProvider(act, this.#there.disputes(firm), (id) =>
          sandbox.disputeWon(id, { amountMinor: this.#oddAmount(firm, act) }),
        )
      case 'disputeLost':
        return this.#atProvider(act, this.#there.disputes(firm), (id) => sandbox.disputeLost(id))
      case 'transfer': {
        // Mostly to the same client's other matter; anything else is refused.
        const sibling = act.pick % 8 === 0 ? (act.matter + 2) % firm.matterIds.length : act.matter ^ 1
        const toMatterId = gid(firm.matterIds[sibling] as string)
        const amount = this.#money(firm, act)
        return ask(firm, 'transferRetainer', { matterId: gid(matterId), toMatterId, amount })
      }
      case 'payOut':
        return tolerating(() => sandbox.payOut(firm.account ?? undefined))
      case 'payOutByHand':
        return tolerating(() =>
          sandbox.payOutByHand(firm.account ?? undefined, {
            currency: firm.currency.toLowerCase(),
            instant: act.pick % 3 === 0,
            ...(act.size > 0 && { amountMinor: this.#oddAmount(firm, act) }),
          }),
        )
      case 'payoutFails':
        return this.#atProvider(act, this.#there.payouts(firm), (id) => sandbox.payoutFails(id))
      case 'replenishmentOff':
        return ask(firm, 'turnReplenishmentOff', { matterId: gid(matterId) })
      case 'replenishmentOn':
        return this.#saves(firm, matterId, act)
      case 'withdraw':
        return ask(firm, 'withdrawRequest', { matterId: gid(matterId) })
      case 'closeEmptied':
        await ask(firm, 'withdrawRequest', { matterId: gid(matterId) })
        await ask(firm, 'refundRetainer', { matterId: gid(matterId) })
        return this.#closes(firm, act)
      case 'close':
        return this.#closes(firm, act)
      case 'payWhatIsOwed': {
        const owing = pickOf(act, await this.#there.owing(firm))
        if (!owing) return undefined
        const amount = this.#money(firm, act)
        const cheque = { matterId: gid(owing), method: 'CHEQUE', reference: 'of the Lovelace estate', amount }
        return ask(firm, 'recordOfflinePayment', cheque)
      }
      case 'assignUnapplied':
        return this.#assigns(firm, matterId, act)
      case 'assignToOwing':
        return this.#assigns(firm, pickOf(act, await this.#there.owing(firm)), act)
      case 'refundUnapplied': {
        const paymentId = pickOf(act, await this.#there.unapplied(firm))
        return paymentId ? ask(firm, 'refundUnappliedFunds', { paymentId: gid(paymentId, 'Payment') }) : undefined
      }
      case 'providerStumbles':
        return tolerating(() =>
          sandbox.behaves({
            nextRefunds: [
              (['short_of_balance', 'fails_later', 'succeeds_later'] as const)[act.pick % 3] ?? 'fails_later',
            ],
          }),
        )
    }
  }

  /** The options that every matter begins with: an initial amount, and top-ups at a trigger. */
  async begins(firm: Firm, matterId: string): Promise<void> {
    await this.#saves(firm, matterId, { size: 30, pick: 0 })
  }

  async #assigns(firm: Firm, matterId: string | undefined, act: Act): Promise<void> {
    const paymentId = pickOf(act, await this.#there.unapplied(firm))
    if (!matterId || !paymentId) return
    await ask(firm, 'assignUnappliedFunds', { matterId: gid(matterId), paymentId: gid(paymentId, 'Payment') })
  }

  /** Closes the matter; the client's next one takes its place, and what was left comes late. */
  async #closes(firm: Firm, act: Act): Promise<void> {
    const matterId = firm.matterIds[act.matter] as string
    await ask(firm, 'closeMatter', { matterId: gid(matterId) })
    const next = await openMatter(this.#practice.db, firm.id, matterId)
    firm.matterIds[act.matter] = next
    await this.begins(firm, next)
  }

  async #saves(firm: Firm, matterId: string, { size, pick }: Pick<Act, 'size' | 'pick'>): Promise<void> {
    const unit = chargeLimits(firm.currency).smallestMinor
    const money = (units: number) => ({
      amount: toDecimalString(unit * BigInt(units), firm.currency),
      currencyCode: firm.currency,
    })
    await ask(firm, 'updateMatterBillingOptions', {
      matterId: gid(matterId),
      enabled: true,
      payNewInvoices: pick % 3 === 2 ? 'MANUAL' : 'AUTOMATIC',
      initialAmount: money(30),
      replenishment: { enabled: true, minimumBalance: money(size + 10), topUpTriggerAmount: money(size) },
    })
  }

  /** Gives up where nothing can be paid. */
  async #pays(firm: Firm, matterId: string, act: Act, means: Means): Promise<void> {
    await ask(firm, 'createOnline', { matterId: gid(matterId) })
    const payUrl = await payUrlOf(firm, matterId)
    if (payUrl) await payAtPage(payUrl, act.size === 0 ? 'all' : this.#money(firm, act).amount, means)
  }

  async #atProvider(act: Act, candidates: Promise<string[]>, does: (id: string) => Promise<unknown>): Promise<void> {
    const id = pickOf(act, await candidates)
    if (id) await tolerating(() => does(id))
  }

  #money(firm: Firm, act: Act) {
    const amountMinor = BigInt(this.#oddAmount(firm, act))
    return { amount: toDecimalString(amountMinor, firm.currency), currencyCode: firm.currency }
  }

  /** In minor units as the provider takes them. */
  #oddAmount(firm: Firm, act: Act): number {
    const { smallestMinor, stepMinor } = chargeLimits(firm.currency)
    return Number(smallestMinor * BigInt(act.size || 7) + stepMinor * BigInt(act.pick % 7))
  }
}

const pickOf = (act: Act, ids: string[]): string | undefined => ids[act.pick % Math.max(1, ids.length)]

/** What the provider's control does not allow now (a dispute that is over, a refund that failed) is simply not done. */
async function tolerating(does: () => Promise<unknown>): Promise<void> {
  await does().catch(() => undefined)
}
