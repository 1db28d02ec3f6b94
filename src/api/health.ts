import { Hono } from 'hono'

const ANSWER_WITHIN_MS = 2_000

/** Resolves when a neighbour answers, rejects when it does not. */
export type HealthCheck = () => Promise<unknown>

/**
 * `/healthz`: the process is up. `/readyz`: so is every neighbour it needs, each by name; 503 while one is not, so that no
 * traffic is sent here. A start while a neighbour is away is healthy, and ready as soon as it comes.
 */
export function healthRoutes(checks: Readonly<Record<string, HealthCheck>>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'up' }))
    .get('/readyz', async (c) => {
      const parts = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, (await answers(check)) ? 'up' : 'down'] as const),
      )
      const ready = parts.every(([, state]) => state === 'up')
      return c.json({ status: ready ? 'ready' : 'not ready', ...Object.fromEntries(parts) }, ready ? 200 : 503)
    })
}

async function answers(check: HealthCheck): Promise<boolean> {
  const tooLate = AbortSignal.timeout(ANSWER_WITHIN_MS)
  try {
    await Promise.race([
      check(),
      new Promise((_, reject) => tooLate.addEventListener('abort', () => reject(tooLate.reason), { once: true })),
    ])
    return true
  } catch {
    return false
  }
}
