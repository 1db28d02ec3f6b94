import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import Stripe from 'stripe'
import { patiently } from '../../src/demo/patiently.ts'
import { STRANGER } from '../practice/settle.ts'
import type { Diary } from './diary.ts'
import { describe, type Forgery, NEIGHBOURS, type ProviderFaults, type Trouble, troubles } from './trouble.ts'
import type { World } from './world.ts'

/** Repeated deliveries are no trouble but how the providers are. */
const AS_USUAL: ProviderFaults = { webhooks: { duplicate: true } }
const LONG_AGO_S = 3_600

/** Makes trouble, and puts it right again. */
export class TroubleMaker {
  readonly #world: World
  readonly #diary: Diary
  /** By what is in trouble: ends it. A newer trouble of the same thing takes the place of the older. */
  readonly #ends = new Map<string, NodeJS.Timeout>()

  readonly #forgeries: Promise<void>[] = []

  constructor(world: World, diary: Diary) {
    this.#world = world
    this.#diary = diary
  }

  /** What the seed holds, until it is `over`. */
  async rage(seed: number, over: AbortSignal): Promise<void> {
    const startMs = Date.now()
    for (const { atMs, trouble } of troubles(seed)) {
      await delay(startMs + atMs - Date.now(), undefined, { signal: over }).catch(() => undefined)
      if (over.aborted) return
      await this.cause(trouble)
    }
  }

  async cause(trouble: Trouble): Promise<void> {
    this.#diary.troubles += 1
    this.#diary.note(describe(trouble))
    switch (trouble.kind) {
      case 'kill':
        return this.#kill(trouble.part)
      case 'network': {
        const proxy = this.#world.network[trouble.to]
        proxy.set(trouble.weather)
        return this.#later(trouble.to, trouble.forMs, () => proxy.set({ kind: 'clear' }))
      }
      case 'provider': {
        await this.#behaves(trouble.provider, trouble.faults)
        const end = () => void this.#behaves(trouble.provider, AS_USUAL)
        return this.#later(`${trouble.provider}'s ways`, trouble.forMs, end)
      }
      case 'forgery':
        // Answered when the API is there to answer: that is waited for in the end.
        this.#forgeries.push(this.#forge(trouble.how))
    }
  }

  /** Both providers as they usually are: every event comes twice. */
  async asUsual(): Promise<void> {
    await Promise.all([this.#behaves('stripe', AS_USUAL), this.#behaves('resend', AS_USUAL)])
  }

  /** Puts everything right at once, and waits for the answers to what was forged. */
  async heal(): Promise<void> {
    for (const end of this.#ends.values()) clearTimeout(end)
    for (const name of NEIGHBOURS) this.#world.network[name].set({ kind: 'clear' })
    await this.asUsual()
    await Promise.all(this.#forgeries)
  }

  #later(what: string, ms: number, end: () => void): void {
    clearTimeout(this.#ends.get(what))
    this.#ends.set(what, setTimeout(end, ms))
  }

  #kill(part: string): void {
    const pid = this.#world.practice.stack.pids()[part]
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }

  async #behaves(provider: 'stripe' | 'resend', faults: ProviderFaults): Promise<void> {
    const { url } = provider === 'stripe' ? this.#world.practice.sandbox : this.#world.practice.outbox
    const response = await fetch(`${url}/_control/faults`, { method: 'POST', body: JSON.stringify(faults) })
    if (!response.ok) throw new Error(await response.text())
  }

  async #forge(how: Forgery): Promise<void> {
    const { urls, env } = this.#world.practice.stack
    const id = `${STRANGER}${randomUUID()}`
    const object = { id: `cs_${randomUUID()}`, object: 'checkout.session', payment_status: 'paid' }
    const type = 'checkout.session.completed'
    const payload = JSON.stringify({ id, object: 'event', type, account: 'acct_nobodys', data: { object } })
    const nowS = Math.floor(Date.now() / 1_000)
    const header = Stripe.webhooks.generateTestHeaderString({
      payload,
      secret: how === 'wrong signature' ? `whsec_${randomUUID()}` : env.STRIPE_WEBHOOK_SECRET,
      timestamp: how === 'old signature' ? nowS - LONG_AGO_S : nowS,
    })
    const expected = how === 'unknown object' ? 200 : 400
    if (how === 'unknown object') this.#diary.strangers.push(id)
    try {
      const status = await patiently('the API answers', () =>
        answerTo(`${urls.api}/webhooks/stripe`, header, payload).then((code) => (code < 500 ? code : undefined)),
      )
      if (status !== expected) this.#diary.wronglyReceived.push(`${how}: answered ${status}, not ${expected}`)
    } catch (error) {
      this.#diary.wronglyReceived.push(`${how}: ${String(error)}`)
    }
  }
}

async function answerTo(url: string, signature: string, body: string): Promise<number> {
  const headers = { 'stripe-signature': signature, 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) })
  await response.body?.cancel()
  return response.status
}
