import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { ChildSpec } from '../../src/stack/child-spec.ts'
import { endNoted, writePidFile } from '../../src/stack/pid-files.ts'
import { identify } from '../../src/stack/process-identity.ts'
import { Supervisor } from '../../src/stack/supervisor.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'

const STOP = { signal: 'SIGTERM', graceMs: 30_000 } as const
const POLL = { timeout: 60_000, interval: 20 }

/** A shell script as a child; ready when it has made the file `<name>.ready`. */
function script(dir: string, name: string, body: string): ChildSpec {
  const ready = path.join(dir, `${name}.ready`)
  return {
    name,
    command: '/bin/sh',
    args: ['-c', body.replaceAll('READY', `echo up; : > ${ready}`)],
    env: { PATH: process.env['PATH'] },
    cwd: dir,
    stop: STOP,
    probe: async () => {
      if (!existsSync(ready)) throw new Error('no sign of life')
    },
    readyWithinMs: 60_000,
  }
}

async function open(dir: string, said: string[] = []): Promise<Supervisor> {
  const supervisor = await Supervisor.open(dir, [], (line) => said.push(line))
  onTestFinished(() => supervisor.stop())
  return supervisor
}

const isRunning = async (pid: number): Promise<boolean> => (await identify(pid)) !== undefined

describe('a supervised child', () => {
  test('is started again when it is killed', async () => {
    const dir = temporaryFolder()
    const said: string[] = []
    const supervisor = await open(dir, said)
    await supervisor.start(script(dir, 'part', 'READY; exec sleep 100'))
    const first = supervisor.pids()['part'] ?? 0
    process.kill(first, 'SIGKILL')
    await vi.waitFor(() => {
      expect(supervisor.pids()['part'] ?? first).not.toBe(first)
    }, POLL)
    expect(said).toEqual(['! part ended (SIGKILL): starting it again'])
  })

  test('that ends five times within a minute ends the stack, with its last lines', async () => {
    const dir = temporaryFolder()
    const supervisor = await open(dir)
    const start = supervisor.start(script(dir, 'part', 'echo the disk is full; exit 3'))
    await expect(start).rejects.toThrow(
      /part ended 5 times within a minute \(exit code 3\)[^]*\[part\] the disk is full/,
    )
    expect((await supervisor.failed).message).toContain('the disk is full')
    expect((await readFile(path.join(dir, 'logs', 'part.log'), 'utf8')).split('\n')).toHaveLength(6)
  })

  test('that does not get ready is reported with its last lines', async () => {
    const dir = temporaryFolder()
    const log = path.join(dir, 'logs', 'part.log')
    const probe = async () => {
      await vi.waitFor(async () => expect(await readFile(log, 'utf8')).toContain('key'), POLL)
      throw new Error('no sign of life')
    }
    const spec = { ...script(dir, 'part', 'echo waiting for a key; exec sleep 100'), probe, readyWithinMs: 1_000 }
    const start = (await open(dir)).start(spec)
    await expect(start).rejects.toThrow(
      /part was not ready within 1 s \(no sign of life\)[^]*\[part\] waiting for a key/,
    )
  })

  test('whose program does not exist says so', async () => {
    const dir = temporaryFolder()
    const start = (await open(dir)).start({ ...script(dir, 'part', ''), command: '/nowhere/program' })
    await expect(start).rejects.toThrow('spawn /nowhere/program ENOENT')
  })
})

test('children end in the reverse order of their start; one that will not go is killed', async () => {
  const dir = temporaryFolder()
  const supervisor = await open(dir)
  const bye = (name: string): string => `trap 'echo ${name} >> bye; exit' TERM; READY; while :; do sleep 0.02; done`
  await supervisor.start(script(dir, 'database', bye('database')))
  const stubborn = script(dir, 'stubborn', `trap '' TERM; READY; while :; do sleep 0.02; done`)
  await supervisor.start({ ...stubborn, stop: { ...STOP, graceMs: 300 } })
  await supervisor.start(script(dir, 'api', bye('api')))
  const pids = Object.values(supervisor.pids())
  await supervisor.stop()
  expect(await readFile(path.join(dir, 'bye'), 'utf8')).toBe('api\ndatabase\n')
  expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false])
  expect(supervisor.pids()).toEqual({})
})

describe('leftovers of an earlier start', () => {
  test('are ended by their pid files', async () => {
    const dir = temporaryFolder()
    const leftover = spawn('/bin/sleep', ['100'])
    await writePidFile(path.join(dir, 'run'), 'worker', leftover.pid ?? 0, STOP)
    const exited = once(leftover, 'exit')
    const said: string[] = []
    await open(dir, said)
    expect(await exited).toEqual([null, 'SIGTERM'])
    expect(said).toEqual(['Ended what an earlier start had left running: worker'])
  })

  test('a process that merely has the same pid is left alone', async () => {
    const runDir = path.join(temporaryFolder(), 'run')
    const stranger = spawn('/bin/sleep', ['100'])
    onTestFinished(() => void stranger.kill())
    await mkdir(runDir)
    const record = { pid: stranger.pid, birth: 'of another one', stop: STOP }
    await writeFile(path.join(runDir, 'worker.pid'), JSON.stringify(record))
    await writeFile(path.join(runDir, 'api.pid'), 'half a rec')
    expect(await endNoted(runDir)).toEqual([])
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
    expect(existsSync(path.join(runDir, 'worker.pid'))).toBe(false)
  })
})
