import { randomUUID } from 'node:crypto'
import { patiently } from '../../src/demo/patiently.ts'
import { gid } from './asking.ts'
import type { Firm } from './practice.ts'

/** What a client pays by, as the provider's page asks for it. */
export type Means = { card_number: string } | { account_number: string }

export const CARD: Means = { card_number: '4242424242424242' }
/** A debit that is on its way until the bank says more. */
export const BANK_ACCOUNT: Means = { account_number: '000123456789' }

/** The payment page of the matter's open request; null when there is none. */
export async function payUrlOf(firm: Firm, matterId: string): Promise<string | null> {
  const { matter } = await firm.api.run<{ matter: { retainer: { openRequest: { payUrl: string } | null } } }>(
    'query PayUrl($id: ID!) { matter(id: $id) { retainer { openRequest { payUrl } } } }',
    { id: gid(matterId) },
  )
  return matter.retainer.openRequest?.payUrl ?? null
}

/** Our page, the provider's page, and back; gives up where it is told that nothing can be paid. */
export async function payAtPage(payUrl: string, amount: string, means: Means): Promise<void> {
  const choice = amount === 'all' ? { choice: 'all' } : { choice: 'other', amount }
  const opening = await step(payUrl, { ...choice, attemptId: randomUUID() })
  const checkout = opening && (await step(opening))
  if (checkout) await step(checkout, { email: 'payer@bank.example', ...means })
}

const NOWHERE = 'nowhere'

/** Where a page leads to, or undefined when it leads nowhere; a server that is down is waited for. */
async function step(url: string, form?: Record<string, string>): Promise<string | undefined> {
  const to = await patiently(`${new URL(url).pathname} answers`, async () => {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    await response.body?.cancel()
    if (response.status >= 500) throw new Error(`answered ${response.status}`)
    return response.headers.get('location') ?? NOWHERE
  })
  return to === NOWHERE ? undefined : new URL(to, url).toString()
}
