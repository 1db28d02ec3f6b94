import { Connection } from '@temporalio/client'
import type { ChildSpec } from './child-spec.ts'

/** What {@link temporalServer} needs to know. */
export type TemporalServerOptions = {
  /** Path of the Temporal CLI. */
  binary: string
  /** File that keeps the server's state. */
  databaseFile: string
  port: number
  uiPort: number
  namespace: string
  /** Further settings of the server, `key=value`. */
  dynamicConfig: string[]
}

// The dev server polls its queues slowly by default: a signal-to-activity round took 99 ms, and takes 31 ms with these.
const QUEUE_POLLING = ['history.transferProcessorMaxPollRPS=2000', 'history.timerProcessorMaxPollRPS=2000']

/** The Temporal dev server with its Web UI, on 127.0.0.1, its state kept in a file. */
export function temporalServer(options: TemporalServerOptions): ChildSpec {
  const { binary, databaseFile, port, uiPort, namespace, dynamicConfig } = options
  const settings = [...QUEUE_POLLING, ...dynamicConfig].flatMap((setting) => ['--dynamic-config-value', setting])
  const network = ['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)]
  const state = ['--db-filename', databaseFile, '--namespace', namespace]
  return {
    name: 'temporal',
    command: binary,
    args: ['server', 'start-dev', ...network, ...state, '--log-level', 'warn', ...settings],
    // Nothing of TEMPORAL_*: a profile of the user's own must not change the embedded server.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] },
    cwd: '/',
    stop: { signal: 'SIGTERM', graceMs: 10_000 },
    probe: () => probeTemporal(`127.0.0.1:${port}`, namespace),
    readyWithinMs: 60_000,
  }
}

/** Succeeds once the server answers and has the namespace. */
async function probeTemporal(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 })
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }))
  } finally {
    await connection.close()
  }
}
