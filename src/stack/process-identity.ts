import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * A process that can be told apart from a later one with the same pid: `birth` is what the operating system says about
 * when it was started.
 */
export type ProcessIdentity = { pid: number; birth: string }

/** Identifies the living process `pid`; undefined when there is none (a zombie counts as none). */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const birth = process.platform === 'linux' ? await birthFromProc(pid) : await birthFromPs(pid)
  return birth === undefined ? undefined : { pid, birth }
}

/** Whether exactly this process is still alive. */
async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.birth === identity.birth
}

/**
 * Ends exactly this process: `signal` first, SIGKILL once `graceMs` are over.
 * Gives back once it is gone; a process that is not ours (any more) is left alone.
 */
export async function end(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!(await isAlive(identity))) return
  send(identity.pid, signal)
  if (await isGoneWithin(identity, graceMs)) return
  send(identity.pid, 'SIGKILL')
  await isGoneWithin(identity, 5_000)
}

/** The command line of process `pid`; undefined when there is none. */
export async function commandOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout.trim()
  } catch {
    return undefined
  }
}

/** Sends a signal; a process that has just gone is no error. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function isGoneWithin(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if (!(await isAlive(identity))) return true
    await delay(20)
  }
  return false
}

// Slim container images have no `ps`, so Linux is asked directly. The boot id makes start ticks unique across reboots.
async function birthFromProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, bootId] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ])
    // The command name stands in parentheses and may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0]
    const startTicks = fields[19]
    return state === 'Z' || state === 'X' ? undefined : `${bootId.trim()}/${startTicks}`
  } catch {
    return undefined
  }
}

async function birthFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C' },
    })
    const line = stdout.trim()
    if (line === '' || line.startsWith('Z')) return undefined
    return line.replace(/^\S+\s+/, '')
  } catch {
    return undefined
  }
}
