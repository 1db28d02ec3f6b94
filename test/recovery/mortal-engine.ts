import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { freePorts } from '../../src/stack/free-ports.ts'
import { prepareTemporal } from '../../src/stack/prepare-temporal.ts'
import { resolveTemporalBinary } from '../../src/stack/temporal-binary.ts'
import { temporalServer } from '../../src/stack/temporal-server.ts'
import { untilReady } from '../../src/stack/until-ready.ts'

const NAMESPACE = 'retainer'

/** The real server with its state in a folder. Whatever is done to it, no worker may be at work meanwhile. */
export interface MortalEngine {
  /** Ended with the server. */
  engine: TestWorkflowEnvironment
  /** The server dies, its state is deleted, and one that knows nothing answers in its place, prepared like any new one. */
  lose(): Promise<void>
  backUp(): Promise<void>
  /** The server goes on from the backup. */
  restore(): Promise<void>
}

export async function startMortalEngine(): Promise<MortalEngine> {
  const dir = await mkdtemp(path.join(tmpdir(), 'retainer-engine-'))
  const [state, backup] = [path.join(dir, 'state'), path.join(dir, 'backup')]
  const [port = 0, uiPort = 0] = await freePorts(2)
  const address = `127.0.0.1:${port}`
  const spec = temporalServer({
    binary: await resolveTemporalBinary('cli'),
    databaseFile: path.join(state, 'temporal.db'),
    port,
    uiPort,
    namespace: 'default',
    dynamicConfig: [],
  })
  let server: ChildProcess

  async function start(): Promise<void> {
    await mkdir(state, { recursive: true })
    server = spawn(spec.command, spec.args, { env: spec.env, cwd: spec.cwd, stdio: 'ignore' })
    await untilReady(spec.probe, spec.readyWithinMs)
    await prepareTemporal({ connectionOptions: { address }, namespace: NAMESPACE })
  }

  async function away(meanwhile: () => Promise<void>): Promise<void> {
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
    await meanwhile()
  }

  async function fromNow(meanwhile: () => Promise<void>): Promise<void> {
    await away(meanwhile)
    await start()
  }

  await start()
  const engine = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace: NAMESPACE })
  const closeClients = engine.teardown.bind(engine)
  engine.teardown = async () => {
    await closeClients()
    await away(() => rm(dir, { recursive: true }))
  }
  return {
    engine,
    lose: () => fromNow(() => rm(state, { recursive: true })),
    backUp: () => fromNow(() => cp(state, backup, { recursive: true })),
    restore: () =>
      fromNow(async () => {
        await rm(state, { recursive: true })
        await cp(backup, state, { recursive: true })
      }),
  }
}
