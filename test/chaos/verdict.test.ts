import { expect, test } from 'vitest'
import { chaosOptions } from './options.ts'
import { verdictTable } from './verdict.ts'

test('the verdict names each guarantee with its rules, and what broke it', () => {
  const rulings = [
    { rules: 'books', says: 'the books balance', breaches: [] },
    { rules: 'R12', says: 'every payment is booked once', breaches: ['payment:pi_1: booked 2 times'] },
  ]
  expect(verdictTable(rulings).split('\n')).toEqual([
    'PASS  the books balance             books',
    'FAIL  every payment is booked once  R12',
    '        payment:pi_1: booked 2 times',
  ])
})

test('a run is asked for by seed, minutes, matters and what is broken; anything else is refused', () => {
  expect(chaosOptions(['--seed', '7', '--minutes', '90', '--broken', 'dedup'])).toEqual({
    seed: 7,
    minutes: 90,
    matters: 16,
    broken: 'dedup',
    help: false,
  })
  for (const args of [['--minutes', '-1'], ['--broken', 'nothing'], ['--sede', '7'], ['7']]) {
    expect(() => chaosOptions(args), args.join(' ')).toThrow()
  }
})
