import { CancellationScope, proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow'
import type { ProviderCheckActivities } from '../activities/provider-checks.ts'
import type { Ending, ReconciliationActivities } from '../activities/reconciliation.ts'
import { type Difference, STEPS, type Step } from '../src/reconciliation/difference.ts'
import type { ReconciliationInput } from './books-contract.ts'
import { TASK_QUEUES } from './contract.ts'
import { tellFirms } from './tell-firms.ts'

const patience = {
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes', maximumAttempts: 12 },
} as const
const books = proxyActivities<ReconciliationActivities>(patience)
const provider = proxyActivities<ProviderCheckActivities>({ ...patience, taskQueue: TASK_QUEUES.payments })

/** What is just on its way is waited for: so often, so long; and so often at least, for what the network still carries. */
const LOOKS = 60
const LEAST_LOOKS = 3
const BETWEEN_LOOKS = '1 second'

/**
 * Compares a firm's books with themselves, with its matters' workflows, and with the provider. A difference names the rows and
 * the firm is told; money is never touched. Its progress stands in Current Details and in its row.
 */
export async function reconciliation(input: ReconciliationInput): Promise<Ending['status']> {
  const report = new Report(input)
  try {
    await books.beginReconciliation(input, Date.now())
    await report.step('BOOKS', () => books.checkBooks(input))
    await report.step('MATTERS', () => books.checkMatters(input))
    report.takenIn += await provider.takeInMissingEvents(input)
    await report.step('EVENTS', () => books.checkEvents(input))
    await report.step('PROVIDER', () => provider.checkProvider(input))
  } catch (error) {
    await CancellationScope.nonCancellable(() => end(input, { status: 'FAILED', differences: report.differences }))
    throw error
  }
  const { differences } = report
  const status = differences.length === 0 ? 'CLEAN' : 'DIFFERENCES'
  await end(input, { status, differences })
  return status
}

async function end(input: ReconciliationInput, ending: Ending): Promise<void> {
  const notice = await books.endReconciliation(input, ending, Date.now())
  await tellFirms(notice ? [notice] : [])
}

/** The steps so far and what they found, as an operator reads it. */
class Report {
  readonly #input: ReconciliationInput
  readonly #found = new Map<Step, Difference[]>()
  #running: Step = 'BOOKS'
  takenIn = 0

  constructor(input: ReconciliationInput) {
    this.#input = input
    this.#show()
  }

  get differences(): Difference[] {
    return [...this.#found.values()].flat()
  }

  /**
   * Does a step. What differs counts only if every look finds it: on a busy account something is always just on its way, and
   * each look finds other things.
   */
  async step(step: Step, check: () => Promise<Difference[]>): Promise<void> {
    this.#running = step
    this.#show()
    let differences = await check()
    for (let look = 2; look <= LOOKS && differences.length > 0; look += 1) {
      if (look > LEAST_LOOKS && !(await books.isUnderWay(this.#input))) break
      await sleep(BETWEEN_LOOKS, { summary: `Look again: ${step}` })
      this.takenIn += await provider.takeInMissingEvents(this.#input)
      const before = new Set(differences.map(nameOf))
      differences = (await check()).filter((difference) => before.has(nameOf(difference)))
    }
    this.#found.set(step, differences)
    this.#show()
  }

  #show(): void {
    const rows = STEPS.map((step) => `| ${step} | ${this.#outcome(step)} |`)
    const lines = this.differences.map(
      ({ check, code, subject, expected, found }) => `| ${check} | **${code}** | ${subject} | ${expected} | ${found} |`,
    )
    setCurrentDetails(
      [
        `Reconciliation ${this.#input.reconciliationId} of firm ${this.#input.firmId}`,
        '',
        '| Step | Outcome |',
        '| --- | --- |',
        ...rows,
        `| Events taken in that never arrived | ${this.takenIn} |`,
        ...(lines.length > 0
          ? [
              '',
              '| Step | Difference | Of | Expected | Found |',
              '| --- | --- | --- | --- | --- |',
              ...lines.slice(0, 50),
            ]
          : []),
      ].join('\n'),
    )
  }

  #outcome(step: Step): string {
    const found = this.#found.get(step)
    if (found) return found.length === 0 ? 'agrees' : `**${found.length} differences**`
    return step === this.#running ? 'running' : ''
  }
}

const nameOf = ({ code, subject }: Difference): string => `${code} ${subject}`
