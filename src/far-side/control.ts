import { Hono } from 'hono'
import { z } from 'zod'
import type { Deliveries } from './deliveries.ts'
import type { FaultSwitches } from './faults.ts'
import type { NodeEnv } from './intercept.ts'

/** The routes under `/_control` that both stand-ins have: the fault switches (see `Faults`) and the webhook queue. */
export function controlRoutes(faults: Pick<FaultSwitches, 'current' | 'set'>, deliveries: Deliveries): Hono<NodeEnv> {
  return new Hono<NodeEnv>()
    .get('/faults', (c) => c.json(faults.current()))
    .post('/faults', async (c) => {
      try {
        faults.set(await c.req.json())
      } catch (error) {
        const message = error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.'
        return c.json({ error: message }, 400)
      }
      return c.json(faults.current())
    })
    .delete('/faults', (c) => {
      faults.set({})
      return c.json(faults.current())
    })
    .get('/deliveries', (c) => c.json(deliveries.recent(1000)))
}
