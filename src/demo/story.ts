import type { FirmDesk } from './operations.ts'
import { patiently } from './patiently.ts'
import { payByLink } from './payer.ts'

/** How things stand after a step. Amounts are decimal strings in USD; mails are counted over both matters. */
export interface Step {
  step: string
  amountDue: string
  balance: string
  mailsToClient: number
  mailsToFirm: number
  /** The rule's refusal, by name. */
  refused?: string
}

export interface StoryParts {
  desk: FirmDesk
  /** Where the mails can be counted. */
  outboxUrl: string
}

const CLIENT = { name: 'Ada Byron', email: 'ada.byron@client.example' }
const FIRM_EMAIL = 'office@hartvale.example'

/** The article's story, step by step, over the public API and the payment page. Tells each step as it has happened. */
export async function tellStory({ desk, outboxUrl }: StoryParts, tell: (step: Step) => void): Promise<void> {
  await desk.turnGeneralRetainerOn()
  const client = await desk.createClient(CLIENT.name, CLIENT.email)
  const first = await desk.createMatter(client, '2026-014', 'Byron v. Analytical Engines')

  async function after(step: string, matterId: string, balance?: string, refused?: string): Promise<void> {
    const figures = await desk.settled(matterId, balance ? { balance } : {})
    const mailsToClient = await countMails(outboxUrl, CLIENT.email)
    const mailsToFirm = await countMails(outboxUrl, FIRM_EMAIL)
    tell({ step, ...figures, mailsToClient, mailsToFirm, ...(refused && { refused }) })
  }
  const pay = async (matterId: string, amount: string) => payByLink(await desk.payUrl(matterId), amount)

  await desk.saveOptions(first, { initial: '1000.00' })
  await after('The retainer is enabled with an initial amount of 1000.00', first)
  await desk.createOnline(first)
  await after('Create online: the client is asked for 1000.00', first)
  await pay(first, '900.00')
  await after('The client pays 900.00', first, '900.00')
  const refused = await desk.saveOptions(first, { initial: '800.00' })
  await after('Editing the initial amount is refused', first, '900.00', refused)
  await desk.createOnline(first)
  await after('Create online again: the client is asked for the 100.00 that remains', first)
  await pay(first, '100.00')
  await after('The client pays 100.00', first, '1000.00')
  await desk.recordInvoice(first, 'INV-1001', '1000.00')
  await after('An invoice of 1000.00 is paid from the retainer', first, '0.00')

  const minimum = { minimum: '500.00', trigger: '0.00' }
  await desk.saveOptions(first, { initial: '1000.00', topUp: minimum })
  await after('A minimum balance of 500.00 with a trigger of 0.00 is saved', first)
  await desk.createOnline(first)
  await after('Create online: the client is asked for 500.00', first)
  await desk.turnReplenishmentOff(first)
  await after('Replenishment is turned off', first)
  await pay(first, '500.00')
  await after('The client pays 500.00', first, '500.00')
  await desk.recordInvoice(first, 'INV-1002', '500.00')
  await after('An invoice of 500.00 is paid from the retainer, and nothing is asked', first, '0.00')

  const second = await desk.createMatter(client, '2026-015', 'Estate of A. Byron')
  await desk.saveOptions(second, { initial: '6000.00' })
  await desk.createOnline(second)
  await desk.settled(second)
  await pay(second, '6000.00')
  await desk.settled(second, { balance: '6000.00' })
  await desk.saveOptions(second, { initial: '6000.00', topUp: { minimum: '5000.00', trigger: '3000.00' } })
  await after('Second matter, 6000.00 paid: minimum 5000.00 with a trigger of 3000.00 is saved', second)
  await desk.recordInvoice(second, 'INV-1003', '3500.00')
  await after('An invoice of 3500.00 sets off a top-up request of 2500.00 by itself', second, '2500.00')
}

function countMails(outboxUrl: string, to: string): Promise<number> {
  return patiently('the outbox answers', async () => {
    const response = await fetch(`${outboxUrl}/_control/emails?to=${encodeURIComponent(to)}`)
    return ((await response.json()) as unknown[]).length
  })
}
