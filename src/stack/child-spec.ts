import type { StopPolicy } from './pid-files.ts'

/** A program the supervisor keeps running. */
export type ChildSpec = {
  /** Names the log, the pid file and what is said about it. */
  name: string
  command: string
  args: string[]
  env: NodeJS.ProcessEnv
  cwd: string
  /** Another user to run as (possible as root only). */
  runAs?: { uid: number; gid: number } | undefined
  stop: StopPolicy
  /** Succeeds once the child serves; called again and again until then, so it must bound its own time. */
  probe: () => Promise<void>
  readyWithinMs: number
}
