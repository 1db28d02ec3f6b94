import { Hono } from 'hono'
import { z } from 'zod'
import type { NodeEnv } from '../../far-side/intercept.ts'
import type { World } from '../world.ts'
import { Controls } from './control.ts'
import { disputeControls } from './disputes.ts'
import { paymentControls } from './payments.ts'
import { payoutControls } from './payouts.ts'
import { refundControls } from './refunds.ts'

// What is changed is the named settings only: faults come and go, and how the sandbox behaves stays.
function behaviourRoutes({ behaviour }: World): Hono<NodeEnv> {
  return new Hono<NodeEnv>()
    .get('/behaviour', (c) => c.json(behaviour.current()))
    .post('/behaviour', async (c) => {
      try {
        behaviour.change(await c.req.json())
      } catch (error) {
        const message = error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.'
        return c.json({ error: message }, 400)
      }
      return c.json(behaviour.current())
    })
    .delete('/behaviour', (c) => {
      behaviour.reset()
      return c.json(behaviour.current())
    })
}

/** The routes under `/_control` that only this stand-in has: how it behaves, and what banks and payers do later. */
export function sandboxControls(world: World): Hono<NodeEnv> {
  const controls = new Controls(world)
  for (const add of [paymentControls, refundControls, disputeControls, payoutControls]) add(controls)
  return controls.app.route('/', behaviourRoutes(world))
}
