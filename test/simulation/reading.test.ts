import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readScenario } from '../../src/simulation/reading/read-scenario.ts'

/** `line:column sentence` of every mistake in a fixture. */
function mistakesIn(fixture: string): string[] {
  return mistakesOf(readFileSync(path.join(import.meta.dirname, 'fixtures', fixture), 'utf8'))
}

function mistakesOf(text: string): string[] {
  const read = readScenario(text)
  return 'mistakes' in read ? read.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`) : []
}

describe('a file that cannot be played', () => {
  test('is told all its mistakes at once, with line, column and what was probably meant', () => {
    expect(mistakesIn('mistakes.yaml')).toMatchInlineSnapshot(`
      [
        "3:13 'Rule 6' is no rule, such as R5",
        "4:15 'America/New_Yrok' is no time zone, such as America/New_York",
        "4:33 'curency' is not known here; did you mean 'currency'?",
        "6:9 '2027-02-30' is not in the calendar",
        "7:21 'initial retainer amuont' is not known here; did you mean 'initial retainer amount'?",
        "8:9 'creat online' is not known here; did you mean 'create online'?",
        "9:18 '900.005' has more digits than the currency (USD)",
        "10:15 'ballance' is not known here; did you mean 'balance'?",
        "10:40 'requestd' is not known here; did you mean 'requested'?",
        "11:28 'half' is neither an amount, such as 1000.00, nor 'all'",
        "11:34 'buy' is not known here; did you mean 'by'?",
        "13:13 'refund' is a second thing to do; it needs a step of its own",
        "14:12 'fortnight' is no interval, such as week or 6 weeks",
        "15:12 '0' is no whole number from 1 on",
        "16:31 'amount' is missing",
        "17:5 'times' is missing: a repetition has every, times, steps",
        "17:5 'steps' is missing: a repetition has every, times, steps",
        "18:13 'expect' belongs into the repetition’s steps",
        "19:5 this is no set of keys with values",
        "20:33 'requets for 100.00' is no mail, such as: reminder for 500.00 on 2027-01-11 09:00. Mails are: request, reminder, receipt, refund notice, payment received, top-up copy, needs attention",
        "20:69 this should be 'none', a list of mails, or how many of each",
      ]
    `)
  })

  test('is told which names nothing bears, and what comes before what it follows', () => {
    expect(mistakesIn('strangers.yaml')).toMatchInlineSnapshot(`
      [
        "6:5 the first step needs 'on': its day",
        "8:13 there is no matter 'Frist'; did you mean 'First'?",
        "10:9 this is before the step above it, which is at 2027-03-01 12:00",
        "12:22 there is no payment called 'depsoit'; did you mean 'deposit'?",
        "13:35 there is no matter 'Third'",
        "14:32 there is no invoice numbered 'INV-7'",
        "19:7 one repetition ends after the next one begins",
      ]
    `)
  })

  test('that is no YAML is told where it stops being so', () => {
    expect(mistakesOf('title: x\nrules: [R1\nsteps: []\n')).toMatchInlineSnapshot(`
      [
        "3:1 Flow sequence in block collection must be sufficiently indented and end with a ]",
      ]
    `)
  })
})

const played = (steps: string, firm = '{}') => {
  const read = readScenario(`title: x\nrules: []\nfirm: ${firm}\nsteps:\n${steps}`)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  return read.moments
}

describe('a file that can be played', () => {
  test('keeps the digits of its amounts, and has those of its currency', () => {
    const [moment] = played('  - on: 2027-01-04\n    record cheque: 1000.1\n    expect: { balance: -0.10 }')
    expect(moment).toMatchObject({ action: { given: '1000.10' }, expect: { balance: '-0.10' } })
    const [inYen] = played('  - on: 2027-01-04\n    record cheque: 1000', '{ currency: JPY }')
    expect(inYen?.action?.given).toBe('1000')
  })

  test('has its repetitions written out, each counted from the first', () => {
    const monthly = '  - on: 2027-01-31 09:30\n    every: month\n    times: 3\n    steps: [{ record invoice: 1.00 }]'
    expect(played(monthly).map(({ at }) => at.toString())).toEqual([
      '2027-01-31T09:30:00',
      '2027-02-28T09:30:00',
      '2027-03-31T09:30:00',
    ])
  })
})
