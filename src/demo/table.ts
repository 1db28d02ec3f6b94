import type { TrialBalance } from './operations.ts'
import type { Step } from './story.ts'

const STEP_WIDTH = 78
const FIGURE_WIDTH = 10
const ACCOUNT_WIDTH = 73
const AMOUNT_WIDTH = 15

/** The head of the demo's table. */
export function heading(): string {
  const titles = line('', 'Due', 'Balance', 'Mails to', 'Mails to')
  const more = line('Step', 'USD', 'USD', 'client', 'firm')
  return `${titles}\n${more}\n${'-'.repeat(more.length)}`
}

/** One step as a row of it. */
export function row({ step, amountDue, balance, mailsToClient, mailsToFirm, refused }: Step): string {
  const said = refused ? `${step} (${refused})` : step
  return line(said, amountDue, balance, String(mailsToClient), String(mailsToFirm))
}

/**
 * The trial balance of the books after the story, as a table.
 * @throws when its debits are not its credits: then the books are wrong
 */
export function trialBalanceTable({ accounts, debits, credits }: TrialBalance): string {
  const balance = accounts.reduce((sum, account) => sum + cents(account.balance.amount), 0n)
  if (debits.amount !== credits.amount || balance !== 0n) throw new Error('The books do not balance.')
  const titles = accountLine('The books: trial balance', 'Debits', 'Credits', 'Balance')
  const rows = accounts.map((each) =>
    accountLine(nameOf(each.account), each.debits.amount, each.credits.amount, each.balance.amount),
  )
  const rule = '-'.repeat(titles.length)
  return [titles, rule, ...rows, rule, accountLine('All together', debits.amount, credits.amount, '0.00')].join('\n')
}

const cents = (amount: string): bigint => BigInt(amount.replace('.', ''))

/** `PAYMENTS_HOLDING` as `Payments holding`. */
const nameOf = (account: string): string => account.charAt(0) + account.slice(1).toLowerCase().replaceAll('_', ' ')

const accountLine = (account: string, ...amounts: string[]): string =>
  [account.padEnd(ACCOUNT_WIDTH), ...amounts.map((amount) => amount.padStart(AMOUNT_WIDTH))].join('')

const line = (step: string, ...figures: string[]): string =>
  [step.padEnd(STEP_WIDTH), ...figures.map((figure) => figure.padStart(FIGURE_WIDTH))].join('')
