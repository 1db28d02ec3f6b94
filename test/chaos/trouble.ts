import fc from 'fast-check'
import { draws } from './draws.ts'
import type { Weather } from './proxy.ts'

/** The processes that are killed. */
const PARTS = ['worker', 'api', 'postgres', 'temporal'] as const
/** What lies behind a network. */
export const NEIGHBOURS = ['postgres', 'temporal', 'stripe', 'resend'] as const
export type Neighbour = (typeof NEIGHBOURS)[number]
type Provider = Extract<Neighbour, 'stripe' | 'resend'>

/** Something that goes wrong for `forMs`; a part that was killed is started again by the stack. */
export type Trouble =
  | { kind: 'kill'; part: (typeof PARTS)[number] }
  | { kind: 'network'; to: Neighbour; weather: Weather; forMs: number }
  /** The provider misbehaves, as `src/far-side/faults.ts` says. */
  | { kind: 'provider'; provider: Provider; faults: ProviderFaults; forMs: number }
  | { kind: 'forgery'; how: Forgery }

/** Events that are not what they say: wrongly signed, signed long ago, or rightly signed and about nothing anybody knows. */
export type Forgery = 'wrong signature' | 'old signature' | 'unknown object'

export interface ProviderFaults {
  calls?: { method: 'GET' | 'POST'; path: string; times: number; effect: object }[]
  webhooks?: { duplicate: boolean; holdAndReverse?: number; delayMs?: number; drop?: boolean }
}

/** When a trouble begins, counted from the first. */
export interface Planned {
  atMs: number
  trouble: Trouble
}

/** The stack gives a part up that ends five times within a minute, and a restart that fails at first counts, too. */
export const BETWEEN_KILLS_MS = 25_000

/** Troubles without end, in order: the same for the same seed. */
export function* troubles(seed: number): Generator<Planned> {
  const lastKillMs = new Map<string, number>()
  let atMs = 0
  for (const { afterMs, trouble } of draws(next, seed, 0)) {
    atMs += afterMs
    if (trouble.kind === 'kill') {
      if (atMs - (lastKillMs.get(trouble.part) ?? -BETWEEN_KILLS_MS) < BETWEEN_KILLS_MS) continue
      lastKillMs.set(trouble.part, atMs)
    }
    yield { atMs, trouble }
  }
}

const weather: fc.Arbitrary<Weather> = fc.oneof(
  fc.constant({ kind: 'cut' as const }),
  fc.constant({ kind: 'silent' as const }),
  fc.record({ kind: fc.constant('slow' as const), delayMs: fc.integer({ min: 20, max: 800 }) }),
  fc.record({ kind: fc.constant('torn' as const), afterBytes: fc.integer({ min: 1, max: 3_000 }) }),
)

const PATHS: Record<Provider, { method: 'GET' | 'POST'; path: string }[]> = {
  stripe: [
    { method: 'POST', path: '/v1/checkout/sessions' },
    { method: 'POST', path: '/v1/checkout/sessions/*/expire' },
    { method: 'POST', path: '/v1/refunds' },
    { method: 'GET', path: '/v1/checkout/sessions/*' },
    { method: 'GET', path: '/v1/balance_transactions' },
  ],
  resend: [{ method: 'POST', path: '/emails' }],
}

const effect = fc.oneof(
  fc.record({
    kind: fc.constant('fail'),
    status: fc.constantFrom(429, 500, 503),
    // Refused for too many requests, it has not acted.
    afterActing: fc.constant(false),
  }),
  fc.record({ kind: fc.constant('fail'), status: fc.constantFrom(500, 502), afterActing: fc.constant(true) }),
  fc.record({ kind: fc.constantFrom('disconnect', 'hang'), afterActing: fc.boolean() }),
  fc.record({ kind: fc.constant('delay'), delayMs: fc.integer({ min: 100, max: 4_000 }) }),
)

const webhooks = fc.oneof(
  { weight: 3, arbitrary: fc.record({ duplicate: fc.constant(true), holdAndReverse: fc.integer({ min: 2, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ duplicate: fc.constant(true), delayMs: fc.integer({ min: 200, max: 5_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ duplicate: false, drop: true }) },
)

const providerFaults = (provider: Provider): fc.Arbitrary<ProviderFaults> =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...PATHS[provider]), fc.integer({ min: 1, max: 4 }), effect)
      .map(([call, times, what]) => ({
        calls: [{ ...call, times, effect: what }],
        webhooks: { duplicate: true },
      })),
    webhooks.map((late) => ({ webhooks: late })),
  )

const forMs = fc.integer({ min: 500, max: 6_000 })

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill' as const), part: fc.constantFrom(...PARTS) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('network' as const), to: fc.constantFrom(...NEIGHBOURS), weather, forMs }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Provider>('stripe', 'stripe', 'resend').chain((provider) =>
      fc.record({
        kind: fc.constant('provider' as const),
        provider: fc.constant(provider),
        faults: providerFaults(provider),
        forMs,
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('forgery' as const),
      how: fc.constantFrom<Forgery>('wrong signature', 'old signature', 'unknown object'),
    }),
  },
)

const next = fc.record({ afterMs: fc.integer({ min: 500, max: 3_000 }), trouble })

/** What it is, for the timeline. */
export function describe(what: Trouble): string {
  switch (what.kind) {
    case 'kill':
      return `${what.part} is killed`
    case 'network':
      return `the network to ${what.to} is ${inWords(what.weather)} for ${what.forMs} ms`
    case 'provider':
      return `${what.provider} misbehaves for ${what.forMs} ms: ${JSON.stringify(what.faults)}`
    case 'forgery':
      return `a forged event: ${what.how}`
  }
}

function inWords(how: Weather): string {
  if (how.kind === 'slow') return `slow (${how.delayMs} ms)`
  if (how.kind === 'torn') return `torn (after ${how.afterBytes} bytes of an answer)`
  return how.kind
}
