import { z } from 'zod'

/**
 * The faults a test can switch on, by `POST /_control/faults` (replaces all of them), `GET` (shows what is left of them)
 * and `DELETE` (none). They live in memory: a restarted process has none.
 *
 * - `calls`: what happens to API calls. The first entry that matches and has `times` left applies, and uses one up.
 *   `path` is matched segment by segment, `*` stands for any one segment.
 *   - `fail`: answer with `status` instead of (or, with `afterActing`, in spite of) doing what was asked.
 *   - `disconnect`: cut the connection instead of answering, before or after acting.
 *   - `hang`: never answer; the caller has to give up. Before or after acting.
 *   - `delay`: wait, then do it and answer. The idempotency key is in use meanwhile.
 * - `webhooks`: what happens to the delivery of events (of the named `types`, or of all) that occur from now on.
 *   - `duplicate`: every event is delivered twice.
 *   - `delayMs`: the first attempt is made this much later.
 *   - `holdAndReverse`: hold this many events, then deliver them in reverse order, one after the other.
 *     What is held is delivered when the faults are replaced or the process is started again.
 *   - `drop`: never delivered; the event exists only at the provider.
 */
const CallFault = z.strictObject({
  method: z.enum(['GET', 'POST']).default('POST'),
  path: z.string().startsWith('/'),
  times: z.int().positive().default(1),
  effect: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('fail'),
      status: z.int().min(400).max(599),
      afterActing: z.boolean().default(false),
    }),
    z.strictObject({ kind: z.literal('disconnect'), afterActing: z.boolean().default(false) }),
    z.strictObject({ kind: z.literal('hang'), afterActing: z.boolean().default(false) }),
    z.strictObject({ kind: z.literal('delay'), delayMs: z.int().positive() }),
  ]),
})

const WebhookFaults = z.strictObject({
  types: z.array(z.string()).min(1).optional(),
  duplicate: z.boolean().default(false),
  delayMs: z.int().nonnegative().default(0),
  holdAndReverse: z.int().min(2).optional(),
  drop: z.boolean().default(false),
})

/** The fields that both stand-ins share; one adds its own by `.extend`. */
export const Faults = z.strictObject({
  calls: z.array(CallFault).default([]),
  webhooks: WebhookFaults.prefault({}),
})

type Faults = z.output<typeof Faults>
/** What is to happen to one API call. */
export type CallEffect = z.output<typeof CallFault>['effect']

/** The switches of one process: `S` is its schema, built on `Faults`. */
export interface FaultSwitches<F extends Faults = Faults> {
  current(): F
  /** Replaces all faults. Throws a ZodError that names what is wrong. */
  set(input: unknown): void
  /** The fault for this call, if any; uses one of its times up. */
  takeForCall(method: string, path: string): CallEffect | undefined
  /** The delivery faults that hold for an event of this type. */
  forEvent(type: string): Faults['webhooks'] | undefined
  onChange(listener: () => void): void
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((segment, i) => segment === '*' || segment === given[i])
}

/** Makes the switches, all off. */
export function makeFaultSwitches<F extends Faults>(schema: z.ZodType<F>): FaultSwitches<F> {
  let faults = schema.parse({})
  const listeners: (() => void)[] = []
  return {
    current: () => faults,
    set(input) {
      faults = schema.parse(input)
      for (const listener of listeners) listener()
    },
    takeForCall(method, path) {
      const fault = faults.calls.find((f) => f.times > 0 && f.method === method && matches(f.path, path))
      if (fault) fault.times -= 1
      return fault?.effect
    },
    forEvent(type) {
      const { types } = faults.webhooks
      return types && !types.includes(type) ? undefined : faults.webhooks
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}
