import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { transaction } from '../../far-side/database.ts'
import type { NodeEnv } from '../../far-side/intercept.ts'
import { ApiError } from '../errors.ts'
import type { World } from '../world.ts'

/** The refusal of a control that makes no sense now: a settled debit cannot settle. */
export const notNow = (message: string) => new ApiError(409, { type: 'invalid_request_error', message })
/** The refusal of a control about something nobody knows. */
export const unknown = (message: string) => new ApiError(404, { type: 'invalid_request_error', message })

const isForm = (c: Context) => c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false

async function bodyOf(c: Context<NodeEnv>): Promise<unknown> {
  if (isForm(c)) return c.req.parseBody()
  const text = await c.req.text()
  return text === '' ? {} : JSON.parse(text)
}

/**
 * What makes things happen that Stripe, a bank or a payer does in real life: each route acts in one transaction with all that
 * follows. It takes JSON and answers JSON with the object as it is then, or 400, 404, 409 with `{error}`; a form of the
 * dashboard is led back there instead, or told in words.
 */
export class Controls {
  readonly app = new Hono<NodeEnv>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Adds POST `path`; the `:id` in it goes to `act`, as does the body by `schema`. */
  on<T>(path: string, schema: z.ZodType<T>, act: (world: World, id: string, body: T) => object): this {
    this.app.post(path, async (c) => {
      try {
        const body = schema.parse(await bodyOf(c))
        this.#world.agenda.catchUp()
        const result = transaction(this.#world.db, () => act(this.#world, c.req.param('id') ?? '', body))
        return isForm(c) ? c.redirect('/', 303) : c.json(result)
      } catch (error) {
        const { status, message } = refusal(error)
        return isForm(c) ? c.text(message, status) : c.json({ error: message }, status)
      }
    })
    return this
  }
}

function refusal(error: unknown): { status: 400 | 404 | 409; message: string } {
  if (error instanceof ApiError) return { status: error.status as 400 | 404 | 409, message: error.message }
  if (error instanceof z.ZodError) return { status: 400, message: z.prettifyError(error) }
  if (error instanceof SyntaxError) return { status: 400, message: 'The body is not JSON.' }
  throw error
}
