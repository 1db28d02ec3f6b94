import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { payByLink } from '../../src/demo/payer.ts'
import { PROJECT_DIR } from '../../src/stack/programs.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { askedMatter, mailsTo, startWholeStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** As an operator runs it, in the product's environment. */
async function run({ env }: Stack, file: string, ...flags: string[]): Promise<Ended> {
  const options = { cwd: PROJECT_DIR, env: { ...env, NO_COLOR: '1' } }
  return promisify(execFile)(process.execPath, [file, ...flags], options).then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => error as Ended,
  )
}

test('the Temporal server is killed and its state deleted: two commands, and the story goes on', async () => {
  const { stack, desk, outboxUrl } = await startWholeStack()
  try {
    const { matterId, payUrl } = await askedMatter(desk, '1000.00')
    await payByLink(payUrl, '400.00')
    await desk.settled(matterId, { balance: '400.00' })

    const pid = stack.pids()['temporal'] ?? 0
    await rm(path.join(stack.dataDir, 'temporal.db'))
    await rm(path.join(stack.dataDir, 'temporal.db-wal'), { force: true })
    await rm(path.join(stack.dataDir, 'temporal.db-shm'), { force: true })
    process.kill(pid, 'SIGKILL')
    await until('another server answers', async () => {
      const { code, stderr } = await run(stack, 'src/recovery/main.ts', '--dry-run')
      return code === 1 && stderr.includes('lacks the search attributes')
    })

    expect(await run(stack, 'src/stack/prepare-main.ts')).toMatchObject({ code: 0 })
    const lookedAt = await run(stack, 'src/recovery/main.ts', '--dry-run')
    expect(lookedAt.stdout).toMatch(/matters +1: 1 would be started, 0 run already, 0 failed/)
    const recovered = await run(stack, 'src/recovery/main.ts')
    expect(recovered.code, recovered.stderr).toBe(0)
    expect(recovered.stdout).toMatch(/matters +1: 1 started, 0 were running/)

    await payByLink(payUrl, '600.00')
    expect(await desk.settled(matterId, { balance: '1000.00' })).toEqual({ amountDue: '0.00', balance: '1000.00' })
    const subjects = await mailsTo(outboxUrl, 'ada.byron@client.example')
    expect(subjects.length, 'a request and two receipts').toBe(3)
  } finally {
    await stack.stop()
  }
}, 300_000)

test('what cannot be understood is refused with the usage', async () => {
  const { code, stderr } = await run({ env: process.env } as Stack, 'src/recovery/main.ts', '--from-scratch')
  expect(code).toBe(1)
  expect(stderr).toContain('usage: npm run recover')
})
