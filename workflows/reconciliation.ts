import { CancellationScope, patched, proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow'
import type { ProviderCheckActivities } from '../activities/provider-checks.ts'
import type { Ending, ReconciliationActivities } from '../activities/reconciliation.ts'
import { type Difference, STEPS, type Step } from '../src/reconciliation/difference.ts'
import type { ReconciliationInput } from './books-contract.ts'
import { TASK_QUEUES } from './contract.ts'
import { tellFirms } from './tell-firms.ts'

const patience = {
  // All attempts together: a worker that is gone is noticed by its heartbeat.
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes', maximumAttempts: 12 },
} as const
const books = proxyActivities<ReconciliationActivities>(patience)
const provider = proxyActivities<ProviderCheckActivities>({ ...patience, taskQueue: TASK_QUEUES.payments })

/**
 * What is just on its way is waited for: so long, and so often at least, for what the network still carries. A time and not a number,
 * since a look at a matter whose workflow does not answer takes seconds.
 */
const WAITS_MS = 60_000
const LEAST_LOOKS = 3
const BETWEEN_LOOKS = '1 second'

const SUMMARIES: Record<Step, string> = {
  BOOKS: 'Compare the books with themselves',
  MATTERS: 'Compare the books with the workflows of the matters',
  EVENTS: 'Look for events that are not booked',
  PROVIDER: 'Compare the books with the provider',
}

/**
 * Compares a firm's books with themselves, with its matters' workflows, and with the provider. A difference names the rows and
 * the firm is told; money is never touched. Its progress stands in Current Details and in its row.
 */
export async function reconciliation(input: ReconciliationInput): Promise<Ending['status']> {
  const report = new Report(input)
  try {
    const begin = books.beginReconciliation.executeWithOptions({ summary: 'Begin the record' }, [input, Date.now()])
    // Activities of 0.1.0 answer nothing, and its workflows make nothing of what newer ones answer them.
    const unsent = (await begin) ?? []
    if (unsent.length > 0 && patched('tells-at-the-beginning')) await tellFirms(unsent)
    await report.step('BOOKS', (summary) => books.checkBooks.executeWithOptions({ summary }, [input]))
    await report.step('MATTERS', (summary) => books.checkMatters.executeWithOptions({ summary }, [input]))
    report.takenIn += await takeInMissingEvents(input)
    await report.step('EVENTS', (summary) => books.checkEvents.executeWithOptions({ summary }, [input]))
    await report.step('PROVIDER', (summary) => provider.checkProvider.executeWithOptions({ summary }, [input]))
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
  const summary = `Keep the outcome: ${ending.status === 'FAILED' ? 'not finished' : outcomeOf(ending.differences)}`
  const notice = await books.endReconciliation.executeWithOptions({ summary }, [input, ending, Date.now()])
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
  async step(step: Step, check: (summary: string) => Promise<Difference[]>): Promise<void> {
    this.#running = step
    this.#show()
    const endMs = Date.now() + WAITS_MS
    const summary = SUMMARIES[step]
    let differences = await check(summary)
    for (let look = 2; differences.length > 0; look += 1) {
      if (look > LEAST_LOOKS && (Date.now() >= endMs || !(await isUnderWay(this.#input)))) break
      await sleep(BETWEEN_LOOKS, { summary: 'Wait: what differs may still be on its way' })
      this.takenIn += await takeInMissingEvents(this.#input)
      const before = new Set(differences.map(nameOf))
      differences = (await check(`${summary}, look ${look}`)).filter((difference) => before.has(nameOf(difference)))
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
    if (found) return found.length === 0 ? 'agrees' : `**${outcomeOf(found)}**`
    return step === this.#running ? 'running' : ''
  }
}

const takeInMissingEvents = (input: ReconciliationInput) =>
  provider.takeInMissingEvents.executeWithOptions({ summary: 'Take in events of the provider that never arrived' }, [
    input,
  ])

const isUnderWay = (input: ReconciliationInput) =>
  books.isUnderWay.executeWithOptions({ summary: 'See whether anything is still on its way' }, [input])

const outcomeOf = ({ length }: readonly Difference[]): string =>
  length === 0 ? 'all agrees' : `${length} ${length === 1 ? 'difference' : 'differences'}`

const nameOf = ({ code, subject }: Difference): string => `${code} ${subject}`
