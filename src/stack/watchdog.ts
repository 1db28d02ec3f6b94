import { spawn } from 'node:child_process'
import path from 'node:path'

/** Holds the watchdog's pipe; `release` ends the watch without ending anything. */
export type Watchdog = { release(): void }

/**
 * Starts the process that ends everything noted in `runDir` when this process is gone, even by SIGKILL.
 * It notices by its standard input: this process holds the only write end, which the system closes at death.
 * `removeDirs` are deleted afterwards (temporary data nobody else would clean up).
 */
export function startWatchdog(runDir: string, removeDirs: string[] = []): Watchdog {
  const program = path.join(import.meta.dirname, 'watchdog-main.ts')
  // A session of its own: Ctrl-C in the terminal must not take the watchdog before those it watches.
  const child = spawn(process.execPath, [program, runDir, ...removeDirs], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  child.unref()
  // The pipe is a socket that would keep this process alive.
  ;(child.stdin as unknown as { unref(): void }).unref()
  return { release: () => child.stdin.end('released') }
}
