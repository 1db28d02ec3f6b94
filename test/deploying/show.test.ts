import { expect, test } from 'vitest'
import { progressLine, versionsTable } from '../../src/deployment/show.ts'

const report = (buildId: string, status: 'CURRENT' | 'DRAINING', workers: number, matters: number) => ({
  version: { deploymentName: 'retainer', buildId },
  status,
  workers,
  open: { matters, others: 0 },
})

test('an operator reads which version has which matters, and what runs on workers without a version', () => {
  const versions = [report('4f2c91e', 'CURRENT', 2, 1207), report('0d11a7b', 'DRAINING', 1, 38)]
  expect(versionsTable(versions, { matters: 3, others: 1 })).toBe(
    [
      'Version  Status       Workers  Matters  Others',
      '4f2c91e  current            2     1207       0',
      '0d11a7b  draining           1       38       0',
      '(none)   unversioned                 3       1',
    ].join('\n'),
  )
  expect(versionsTable(versions, { matters: 0, others: 0 })).not.toContain('unversioned')
})

test('progress writes over its line on a terminal, and now and then a line elsewhere', () => {
  const written: string[] = []
  const out = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) > 0 })
  for (const line of [progressLine(out(true)), progressLine(out(false))]) {
    line.show({ told: 10, left: 28 })
    line.show({ told: 38, left: 1 })
    line.end()
  }
  expect(written).toEqual([
    '\r\u001b[K10 matters told, 28 still to go',
    '\r\u001b[K38 matters told, 1 still to go',
    '\r\u001b[K',
    '10 matters told, 28 still to go\n',
  ])
})
