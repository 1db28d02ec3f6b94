import type Stripe from 'stripe'
import { decodeForm, type Form } from '../../src/sandbox/form.ts'
import { client } from '../sandbox/harness.ts'

/** A call as it goes over the wire. */
export interface Sent {
  method: 'get' | 'post'
  path: string
  params: Form
  account: string | null
}

/** What a call of the official client sends; nothing leaves the process. */
export async function recorded(call: (stripe: Stripe) => Promise<unknown>): Promise<Sent> {
  const sent: Sent[] = []
  const nowhere = client('http://127.0.0.1:9', 'sk_test_nobody', async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const method = init?.method === 'POST' ? 'post' : 'get'
    const params = decodeForm(method === 'post' && typeof init?.body === 'string' ? init.body : url.search)
    sent.push({ method, path: url.pathname, params, account: new Headers(init?.headers).get('stripe-account') })
    return Response.json({ object: 'list', data: [], has_more: false })
  })
  await call(nowhere)
  const [first] = sent
  if (!first) throw new Error('Nothing was sent.')
  return first
}
