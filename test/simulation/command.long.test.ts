import { execFile } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const MAIN = path.join(import.meta.dirname, '../../src/simulation/main.ts')
const fixture = (name: string) => path.join('test/simulation/fixtures', name)

/** `npm run simulate -- ...`, as far as its exit code. */
function simulate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', MAIN, ...args], (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

describe('npm run simulate', () => {
  test('ends with 2 and every mistake, each at its line and column, for a file that cannot be played', async () => {
    const { code, out, err } = await simulate(fixture('strangers.yaml'))
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(`${fixture('strangers.yaml')}:6:5 the first step needs 'on': its day`)
  })

  test('ends with 2 and its usage without a file, or with one that is not there', async () => {
    expect(await simulate()).toMatchObject({ code: 2, err: expect.stringContaining('usage: npm run simulate') })
    expect(await simulate('nowhere.yaml')).toMatchObject({ code: 2, err: expect.stringContaining('nowhere.yaml') })
  })

  test('ends with 1 and what differs; a scenario of the past is told by its own dates', async () => {
    const { code, out, err } = await simulate(fixture('disappointed.yaml'), '--json')
    expect(code, err).toBe(1)
    expect(err.trim().split('\n')).toEqual([
      `${fixture('disappointed.yaml')}:7:20 2020-01-06 09:30 due: expected 999.00, got 1000.00`,
      `${fixture('disappointed.yaml')}:10:32 2020-01-14 09:30 mails to client: expected request for 1000.00, reminder for 1000.00 on 2020-01-14, got request for 1000.00 on 2020-01-06 09:30, reminder for 1000.00 on 2020-01-13 09:00`,
      `${fixture('disappointed.yaml')}:11:5 2020-01-14 09:30 refused: expected not refused, got NothingToRefund`,
    ])
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string })
    expect(told.find(({ kind }) => kind === 'step')).toEqual({
      kind: 'step',
      at: '2020-01-06 09:30',
      matter: 'Matter',
      what: 'save options: initial retainer amount 1000.00',
      balance: '0.00',
      due: '1000.00',
      phase: 'due',
      line: 5,
    })
    expect(told).toContainEqual({
      kind: 'decision',
      at: '2020-01-13 09:00',
      matter: 'Matter',
      rule: 'R9',
      code: 'REMINDER_SENT',
      sentence: 'Reminder 1 of request 1 was sent for 1000.00 USD.',
    })
    expect(told.at(-1)).toMatchObject({ kind: 'end', steps: 4, differences: 3 })
  }, 300_000)
})
