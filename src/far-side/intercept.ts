import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { CallEffect } from './faults.ts'

/** The environment of a hono app served by Node: gives access to the socket. */
export interface NodeEnv {
  Bindings: HttpBindings
}

interface Intercepted {
  effect: CallEffect | undefined
  /** Does what was asked and answers; waits for `before` first, with the idempotency key taken. */
  act: (before: () => Promise<void>) => Promise<Response>
  /** The provider's error body for an injected status. */
  failure: (status: number) => Response
  /** Aborted when the server closes. */
  closing: AbortSignal
}

/** Carries a call out as the fault says, or plainly when there is none. */
export async function intercept(
  c: Context<NodeEnv>,
  { effect, act, failure, closing }: Intercepted,
): Promise<Response> {
  const { outgoing } = c.env
  if (!effect) return act(async () => {})
  // Only the end of the server ends the wait: like the real one, it acts although the caller has given up.
  if (effect.kind === 'delay') return act(() => sleep(effect.delayMs, undefined, { signal: closing }))
  if (effect.afterActing) await act(async () => {})
  if (effect.kind === 'fail') return failure(effect.status)
  if (effect.kind === 'disconnect') outgoing.destroy()
  else if (!outgoing.destroyed) await new Promise((resolve) => outgoing.once('close', resolve))
  return RESPONSE_ALREADY_SENT
}
