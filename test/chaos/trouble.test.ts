import { expect, test } from 'vitest'
import { BETWEEN_KILLS_MS, describe, type Planned, troubles } from './trouble.ts'

const HOUR_MS = 60 * 60 * 1_000

function firstHour(seed: number): Planned[] {
  const planned: Planned[] = []
  for (const next of troubles(seed)) {
    if (next.atMs > HOUR_MS) return planned
    planned.push(next)
  }
  return planned
}

test('the same seed makes the same trouble, and another seed another', () => {
  expect(firstHour(7)).toEqual(firstHour(7))
  expect(firstHour(8)).not.toEqual(firstHour(7))
})

test('no part is killed so often that the stack would give it up', () => {
  const lastMs = new Map<string, number>()
  for (const { atMs, trouble } of firstHour(7)) {
    if (trouble.kind !== 'kill') continue
    expect(atMs - (lastMs.get(trouble.part) ?? -BETWEEN_KILLS_MS)).toBeGreaterThanOrEqual(BETWEEN_KILLS_MS)
    lastMs.set(trouble.part, atMs)
  }
})

test('within an hour everything happens that can', () => {
  const told = firstHour(7)
    .map(({ trouble }) => describe(trouble))
    .join('\n')
  const parts = ['worker', 'api', 'postgres', 'temporal'].map((part) => `${part} is killed`)
  const networks = ['postgres', 'temporal', 'stripe', 'resend'].flatMap((to) =>
    ['cut', 'silent', 'slow', 'torn'].map((how) => `the network to ${to} is ${how}`),
  )
  const webhooks = ['holdAndReverse', 'delayMs', '"drop":true', '"afterActing":true', '"hang"', '"disconnect"']
  const forged = ['wrong signature', 'old signature', 'unknown object'].map((how) => `a forged event: ${how}`)
  for (const what of [...parts, ...networks, ...webhooks, ...forged]) expect(told).toContain(what)
})
