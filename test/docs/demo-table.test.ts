import { expect, test } from 'vitest'
import { trialBalanceTable } from '../../src/demo/table.ts'

const of = (amount: string) => ({ amount })
const retainer = { account: 'RETAINER', debits: of('40.00'), credits: of('100.00'), balance: of('-60.00') }
const holding = { account: 'PAYMENTS_HOLDING', debits: of('100.00'), credits: of('40.00'), balance: of('60.00') }

test('the demo ends with the trial balance of its books', () => {
  const table = trialBalanceTable({ accounts: [holding, retainer], debits: of('140.00'), credits: of('140.00') })
  expect(table.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    'The books: trial balance | Debits | Credits | Balance',
    expect.stringMatching(/^-+$/),
    'Payments holding | 100.00 | 40.00 | 60.00',
    'Retainer | 40.00 | 100.00 | -60.00',
    expect.stringMatching(/^-+$/),
    'All together | 140.00 | 140.00 | 0.00',
  ])
})

test('the demo fails when its books do not balance', () => {
  const wrong = { ...holding, balance: of('60.01') }
  const books = { accounts: [wrong, retainer], debits: of('140.00'), credits: of('140.00') }
  expect(() => trialBalanceTable(books)).toThrow('The books do not balance.')
  expect(() => trialBalanceTable({ ...books, accounts: [holding, retainer], credits: of('139.99') })).toThrow()
})
