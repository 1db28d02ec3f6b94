import { randomUUID } from 'node:crypto'
import { type MatterDriver, minor } from '../support/matter-driver.ts'

/** Deposits on one matter after another, by command and by the provider's word, until it is stopped. */
export class Traffic {
  readonly #paidInMinor = new Map<MatterDriver, bigint>()
  readonly #settled: { matter: MatterDriver; paymentId: string }[] = []
  readonly #running: Promise<void>[] = []
  #stopped = false

  /** Each of these matters gets a deposit about five times a second. */
  begin(matters: MatterDriver[]): void {
    for (const matter of matters) this.#running.push(this.#flow(matter))
  }

  /** Waits for every answer, and until the books have what the provider told. Throws what any deposit threw. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#running)
    for (const { matter, paymentId } of this.#settled) await matter.decided(`payment:${paymentId}:settled`)
  }

  get deposits(): number {
    return Number([...this.#paidInMinor.values()].reduce((sum, amountMinor) => sum + amountMinor, 0n) / 100n)
  }

  /** What a matter must hold, each deposit counted once. */
  balanceMinorOf = (matter: MatterDriver): bigint => this.#paidInMinor.get(matter) ?? 0n

  async #flow(matter: MatterDriver): Promise<void> {
    for (let n = 0; !this.#stopped; n += 1) {
      await (n % 3 === 2 ? this.#tell(matter) : this.cheque(matter))
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }

  /** A deposit of 1.00 by command. */
  async cheque(matter: MatterDriver): Promise<void> {
    const key = randomUUID()
    const command = {
      kind: 'recordOfflinePayment',
      paymentId: key,
      currency: 'USD',
      amountMinor: minor('1.00'),
    } as const
    const answer = await matter.ask(command, key)
    if (!answer.ok) throw new Error(`A deposit was refused: ${answer.refusal.code}`)
    this.#paid(matter)
  }

  async #tell(matter: MatterDriver): Promise<void> {
    const paymentId = `pi_${randomUUID()}`
    const booked = { paymentId, amountMinor: '100', providerAccount: 'platform' }
    const settled = { ...booked, method: 'CARD', feeMinor: null, requestId: null, attemptId: null } as const
    await matter.startTelling('paymentSettled', settled)
    this.#settled.push({ matter, paymentId })
    this.#paid(matter)
  }

  #paid(matter: MatterDriver): void {
    this.#paidInMinor.set(matter, this.balanceMinorOf(matter) + 100n)
  }
}
