import { randomUUID } from 'node:crypto'
import { patiently } from './patiently.ts'

const CARD = '4242 4242 4242 4242'

/**
 * Pays `amount` through the link of a request, the way a client's browser does: our page, the provider's page, the card,
 * and back. Each step can be repeated, so a server that falls on the way costs time only.
 */
export async function payByLink(payUrl: string, amount: string): Promise<void> {
  const attemptId = randomUUID()
  const opening = await redirect('the payment page takes the amount', payUrl, { choice: 'other', amount, attemptId })
  const checkout = await redirect("the provider's page opens", opening)
  await redirect('the card is accepted', checkout, { email: 'client@demo.example', card_number: CARD })
}

/** Follows one step to where it leads: by GET, or by POST of a form. */
function redirect(what: string, url: string, form?: Record<string, string>): Promise<string> {
  return patiently(what, async () => {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    await response.body?.cancel()
    const location = response.headers.get('location')
    if (location === null) throw new Error(`${new URL(url).pathname.split('/')[1]} answered ${response.status}`)
    return new URL(location, url).toString()
  })
}
