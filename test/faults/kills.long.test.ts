import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/pool.ts'
import { patiently } from '../../src/demo/patiently.ts'
import { type Step, tellStory } from '../../src/demo/story.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { expectBooksBalance } from '../support/books.ts'
import { mailsTo, startWholeStack } from '../support/stack.ts'

/** Due, balance, mails to the client and to the firm after each step: the story as it is always told. */
const STORY = [
  ['1000.00', '0.00', 0, 0],
  ['1000.00', '0.00', 1, 0],
  ['100.00', '900.00', 2, 1],
  ['100.00', '900.00', 2, 1],
  ['100.00', '900.00', 3, 1],
  ['0.00', '1000.00', 4, 2],
  ['0.00', '0.00', 4, 2],
  ['500.00', '0.00', 4, 2],
  ['500.00', '0.00', 5, 2],
  ['500.00', '0.00', 5, 2],
  ['0.00', '500.00', 6, 3],
  ['0.00', '0.00', 6, 3],
  ['0.00', '6000.00', 8, 4],
  ['2500.00', '2500.00', 9, 4],
]

/** In turn, twice each: the supervisor gives a part up that ends five times within a minute. */
const VICTIMS = ['worker', 'postgres', 'api', 'worker', 'postgres', 'api']
const BETWEEN_KILLS_MS = 1_700

test('R12: killing worker, PostgreSQL and API in turn ends in the same books and the same mails', async () => {
  const { stack, desk, outboxUrl } = await startWholeStack()
  try {
    const steps: Step[] = []
    const over = new AbortController()
    const killing = killInTurn(stack, over.signal)
    const givenUp = stack.failed.then((error) => Promise.reject(error))
    await Promise.race([tellStory({ desk, outboxUrl }, (step) => steps.push(step)), givenUp])
    over.abort()
    await killing

    expect(
      steps.map(({ amountDue, balance, mailsToClient, mailsToFirm }) => [
        amountDue,
        balance,
        mailsToClient,
        mailsToFirm,
      ]),
    ).toEqual(STORY)
    const subjects = await mailsTo(outboxUrl, 'ada.byron@client.example')
    expect(new Set(subjects).size, 'every mail to the client is another one').toBe(9)
    await booksAreWhole(stack.env.DATABASE_URL)
  } finally {
    await stack.stop()
  }
}, 300_000)

async function killInTurn(stack: Stack, over: AbortSignal): Promise<void> {
  for (const victim of VICTIMS) {
    await delay(BETWEEN_KILLS_MS, undefined, { signal: over }).catch(() => undefined)
    if (over.aborted) return
    const pid = stack.pids()[victim]
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
}

async function booksAreWhole(ownerUrl: string): Promise<void> {
  const db = openDatabase(ownerUrl, { name: 'test', max: 1 })
  try {
    // The last kill may have come as the story ended.
    const postings = await patiently('PostgreSQL is back', () => db.selectFrom('posting').select('kind').execute())
    expect(postings.map(({ kind }) => kind).toSorted()).toEqual([
      ...Array<string>(3).fill('INVOICE_PAID'),
      ...Array<string>(3).fill('INVOICE_RECORDED'),
      ...Array<string>(4).fill('PAYMENT_SETTLED'),
    ])
    await expectBooksBalance(db)
  } finally {
    await db.destroy()
  }
}
