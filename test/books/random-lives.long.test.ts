import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Act, lives } from '../practice/acts.ts'
import { People } from '../practice/people.ts'
import { disorderWebhooks, openPractice, type Practice } from '../practice/practice.ts'
import { reconcile } from '../practice/reconcile.ts'
import { settle } from '../practice/settle.ts'
import { expectNobodyNamedByStack } from '../privacy/nobody-named.ts'
import { expectBooksBalance } from '../support/books.ts'

/** Others by `RANDOM_SEED`, and as many as one likes. */
const LIVES = Number(process.env['RANDOM_LIVES'] ?? 2)
const LIVES_WITH_KILLS = Number(process.env['RANDOM_LIVES'] ?? 1)
const MOMENTS = 30
const MATTERS_PER_FIRM = 4

const LIFE_TIMEOUT_MS = 600_000

const VICTIMS = ['worker', 'postgres', 'api', 'temporal']
/** Each dies twice, whatever time a life takes: five deaths of a part within a minute are taken for a fault of the part. */
const KILLS = 2 * VICTIMS.length
const BETWEEN_KILLS_MS = 3_000

let practice: Practice
let people: People
beforeAll(async () => {
  practice = await openPractice({ mattersPerFirm: MATTERS_PER_FIRM })
  people = new People(practice)
  for (const firm of practice.firms) {
    await Promise.all(firm.matterIds.map((matterId) => people.begins(firm, matterId)))
  }
}, 300_000)
afterAll(async () => {
  try {
    if (practice) await expectNobodyNamedByStack(practice.stack.env)
  } finally {
    await practice?.stop()
  }
}, 300_000)

/** Reconciles every firm on demand, as a person does, and expects that nothing is found; so do the books by themselves. */
async function expectReconciled(): Promise<void> {
  await expectBooksBalance(practice.db)
  await Promise.all(
    practice.firms.map(async (firm) =>
      expect(await reconcile(firm), `firm of ${firm.account}`).toEqual({ status: 'CLEAN', differences: [] }),
    ),
  )
}

async function live(moments: Act[][]): Promise<void> {
  await disorderWebhooks(practice)
  for (const acts of moments) await Promise.all(acts.map((act) => people.act(act)))
}

/** fast-check prints the seed and the acts of a life that fails; what led to it cannot be taken back, so nothing is shrunk. */
const afterAnyLife = (numRuns: number, lived: (moments: Act[][]) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(lives(MOMENTS, MATTERS_PER_FIRM), async (moments) => {
      await lived(moments)
      await settle(practice)
      await expectReconciled()
    }),
    { numRuns, endOnFailure: true },
  )

describe('after any life of payments, debits, disputes, refunds, transfers, invoices, payouts and closes', () => {
  test(
    'R13, R15, R17, R18, R19, R20: reconciliation finds nothing, though events come twice and out of order',
    async () => {
      await afterAnyLife(LIVES, live)
    },
    LIVES * LIFE_TIMEOUT_MS,
  )

  test(
    'R12, R17, R18: killing any process in the middle changes nothing of that',
    async () => {
      await afterAnyLife(LIVES_WITH_KILLS, async (moments) => {
        const over = new AbortController()
        const killing = killInTurn(over.signal)
        await live(moments)
        over.abort()
        await killing
      })
    },
    LIVES_WITH_KILLS * LIFE_TIMEOUT_MS,
  )
})

async function killInTurn(over: AbortSignal): Promise<void> {
  for (let kills = 0; kills < KILLS; kills += 1) {
    await delay(BETWEEN_KILLS_MS, undefined, { signal: over }).catch(() => undefined)
    if (over.aborted) return
    const pid = practice.stack.pids()[VICTIMS[kills % VICTIMS.length] as string]
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
}
