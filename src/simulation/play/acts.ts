import { randomUUID } from 'node:crypto'
import type { Answer } from '../../domain/events.ts'
import type { Action } from '../format/scenario.ts'
import type { Matter, StoryOptions } from '../world/matter.ts'
import type { World } from '../world/world.ts'

const BANK = { accountNumber: '000123456789' }

/** What the acts of one scenario remember for each other. */
interface Stage {
  world: Pick<World, 'sandbox' | 'news'>
  matters: Map<string, Matter>
}

type Acted = Promise<Answer | null>

/** Does what steps say, as firm, client, bank and provider would; each act is over when all that follows from it is. */
export class Acts {
  readonly #stage: Stage
  readonly #payments = new Map<string, string>()
  readonly #invoices = new Map<string, string>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** @throws where the far side finds that it makes no sense now, such as a settled debit that is to settle. */
  async do(action: Action, matter: Matter): Acted {
    const { sandbox, news } = this.#stage.world
    switch (action.key) {
      case 'save options':
        return matter.save(optionsOf(given(action)))
      case 'do':
        return this.#doPlainly(given(action), matter)
      case 'client pays':
        return this.#pay(action, matter)
      case 'record cheque':
        return matter.cheque(given(action))
      case 'record invoice': {
        const invoice = given(action)
        const { amount, number = `INV-${this.#invoices.size + 1}` } =
          typeof invoice === 'string' ? { amount: invoice } : invoice
        const id = randomUUID()
        this.#invoices.set(number, id)
        return matter.invoice(amount, id, number)
      }
      case 'apply retainer': {
        const { invoice, amount } = given(action)
        return matter.applyTo(this.#invoices.get(invoice) ?? '', amount)
      }
      case 'refund': {
        const answer = await matter.refund(action.given)
        await news.deliver()
        return answer
      }
      case 'transfer': {
        const { amount, to } = given(action)
        const receiver = this.#stage.matters.get(to)
        const answer = receiver ? await matter.transfer(receiver, amount) : null
        await news.booked()
        await receiver?.countsArrivals()
        return answer
      }
      case 'client disputes': {
        const disputed = given(action)
        const { payment, amount } = typeof disputed === 'string' ? { payment: disputed } : disputed
        return this.#news(
          sandbox.dispute(
            this.#payment(payment),
            amount === undefined ? {} : { amountMinor: Number(matter.minor(amount)) },
          ),
        )
      }
      case 'debit settles':
        return this.#news(sandbox.debitSettles(this.#payment(given(action))))
      case 'debit fails':
        return this.#news(sandbox.debitFails(this.#payment(given(action)), 'insufficient_funds'))
      case 'debit returns':
        return this.#news(sandbox.debitReturns(this.#payment(given(action))))
      case 'refund fails':
        return this.#news(sandbox.refundFails(this.#payment(given(action))))
      case 'dispute is won':
        return this.#news(sandbox.disputeWon(this.#payment(given(action))))
      case 'dispute is lost':
        return this.#news(sandbox.disputeLost(this.#payment(given(action))))
    }
  }

  async #doPlainly(act: NonNullable<Extract<Action, { key: 'do' }>['given']>, matter: Matter): Acted {
    switch (act) {
      case 'create online':
        return matter.createOnline()
      case 'turn replenishment off':
        return matter.turnOff()
      case 'withdraw the request':
        return matter.withdraw()
      case 'close the matter':
        return matter.close()
      case 'lose the engine':
        await matter.loseEngine()
        return null
    }
  }

  async #pay({ given: paid }: Extract<Action, { key: 'client pays' }>, matter: Matter): Acted {
    const { amount, by, called } = paid !== null && typeof paid === 'object' ? paid : { amount: paid, by: 'card' }
    const { attemptId, answer } = await matter.opensPayment(amount)
    if (!answer.ok) return answer
    const payment = await matter.paysAttempt(attemptId, by === 'card' ? undefined : BANK)
    if (called) this.#payments.set(called, payment)
    return this.#news(Promise.resolve(answer))
  }

  /** Once something has happened at the provider, we hear of it. */
  async #news(happened: Promise<unknown>): Acted {
    await happened
    await this.#stage.world.news.deliver()
    return null
  }

  #payment(called: string): string {
    const id = this.#payments.get(called)
    if (id === undefined) throw new Error(`The payment '${called}' was not made.`)
    return id
  }
}

function given<Given>({ given: value }: { given: Given }): NonNullable<Given> {
  if (value === null || value === undefined) throw new Error('A step lacks what it was given.')
  return value
}

function optionsOf(saved: NonNullable<Extract<Action, { key: 'save options' }>['given']>): StoryOptions {
  const { enabled, 'initial retainer amount': initial, 'pay new invoices': payInvoices, replenishment } = saved
  return {
    ...(enabled !== undefined && { enabled }),
    ...(initial !== undefined && { initial }),
    ...(payInvoices && { payInvoices }),
    ...(replenishment !== undefined && {
      topUp: replenishment && [replenishment['minimum balance'], replenishment['top-up trigger amount']],
    }),
  }
}
