import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { phaseOf, RETAINER_PHASES } from '../../src/domain/projection.ts'
import { toWire } from '../../src/domain/wire.ts'
import { DECISION_CODES } from './codes.ts'
import { figuresAgree } from './figures-agree.ts'
import { intoRetainer } from './invariants.ts'
import { closedLives, moves } from './lives.ts'
import { play } from './play-through.ts'
import { enabled } from './story.ts'

describe('any life of a matter', () => {
  test('agrees with the rules written another way (R2-R10, R13-R20), and keeps every invariant', () => {
    fc.assert(
      fc.property(moves(60), (life) => {
        play(life, (story, _, model) => figuresAgree(story, model))
      }),
      { numRuns: 200 },
    )
  })

  test('keeps its books: balance = sum of postings, one key each, no invoice paid twice (R16); no two effects share a key', () => {
    fc.assert(
      fc.property(moves(60), (life) => {
        const effectIds: string[] = []
        const { state, postings } = play(life, (story) => {
          effectIds.push(...story.last.plan.effects.map((effect) => effect.id))
        })
        expect(state.balanceMinor).toBe(postings.reduce((total, posting) => total + intoRetainer(posting), 0n))
        const keys = postings.map((posting) => posting.key)
        expect(new Set(keys).size).toBe(keys.length)
        expect(new Set(effectIds).size).toBe(effectIds.length)
        const owed = new Map<string, bigint>()
        for (const { account, side, amountMinor, invoiceId } of postings.flatMap((posting) => posting.entries)) {
          if (account !== 'ACCOUNTS_RECEIVABLE' || !invoiceId) continue
          const restMinor = (owed.get(invoiceId) ?? 0n) + (side === 'DEBIT' ? amountMinor : -amountMinor)
          expect(restMinor >= 0n).toBe(true)
          owed.set(invoiceId, restMinor)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('a session that could still be paid is wanted, or the courier was told to expire it (R10)', () => {
    fc.assert(
      fc.property(moves(60), (life) => {
        const payable = new Set<string>()
        play(life, ({ state, last, atMs, attempts }, event) => {
          for (const { id, status } of last.plan.attempts) {
            if (status === 'OPEN') payable.add(id)
            if (event.kind === 'sessionEnded') payable.delete(id)
          }
          for (const id of last.plan.paidAttemptIds) payable.delete(id)
          for (const effect of last.plan.effects) if (effect.kind === 'EXPIRE_SESSION') payable.delete(effect.attemptId)
          for (const id of payable) if ((attempts.get(id)?.expiresAtMs ?? 0) <= atMs) payable.delete(id)
          const wanted = new Set(state.attempts.filter((attempt) => attempt.wanted).map((attempt) => attempt.id))
          expect([...payable].filter((id) => !wanted.has(id))).toEqual([])
        })
      }),
      { numRuns: 100 },
    )
  })
})

describe('random play', () => {
  // A fixed seed: this asks whether the play above is worth its name, not whether the domain is right.
  test('reaches every phase, and takes nearly every decision there is', () => {
    const codes = new Set<string>()
    const phases = new Set<string>()
    for (const lives of [moves(60), closedLives(30)]) {
      fc.assert(
        fc.property(lives, (life) => {
          play(life, ({ state, last }) => {
            phases.add(phaseOf(state))
            for (const { code } of last.plan.decisions) codes.add(code)
          })
        }),
        { numRuns: 150, seed: 20260302 },
      )
    }
    expect([...phases].toSorted()).toEqual([...RETAINER_PHASES].toSorted())
    const missed = DECISION_CODES.filter((code) => !codes.has(code))
    expect(missed.length, missed.join()).toBeLessThanOrEqual(3)
    expect([...codes].filter((code) => !DECISION_CODES.includes(code))).toEqual([])
  })
})

describe('the state', () => {
  test('stays small however long a matter lives, when the courier keeps up', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '500', trigger: '100' })
    const sizes: number[] = []
    for (let year = 0; year < 100; year += 1) {
      story.createOnline()
      story.openPayment(null, `attempt-${year}`)
      story.sessionOpens(`attempt-${year}`)
      story.pays('1000')
      story.take({ kind: 'mailBounced', mailId: `mail-${year}`, recipient: 'CLIENT' })
      story.pays('1', `late-${year}`, 'matter-r1')
      story.waitDays(30)
      story.invoice('1001')
      story.waitDays(335)
      story.carry()
      sizes.push(JSON.stringify(toWire(story.state)).length)
    }
    expect(story.state.requestCount).toBeGreaterThan(100)
    expect(Math.max(...sizes.slice(50))).toBeLessThan(8_000)
  })
})
