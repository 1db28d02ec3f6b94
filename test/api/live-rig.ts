import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase } from '../../src/db/pool.ts'
import { NO_OPTIONS } from '../../src/domain/options.ts'
import { notifier } from '../../src/worker/notifier.ts'
import { startIdentity } from '../clients/identity.ts'
import { openBooks } from '../edges/matter-on-the-books.ts'
import { createTestDatabase } from '../support/database.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { globalId } from './support.ts'

const MAIN = path.join(import.meta.dirname, '..', '..', 'src', 'api', 'main.ts')

/** API processes as deployed, on one database; matters commit as the worker does, and wake as it does. */
export async function startLiveRig() {
  const database = await createTestDatabase()
  const identity = await startIdentity()
  const books = openBooks(database)
  const workerDb = openDatabase(database.workerUrl, { name: 'test-worker', max: 2 })
  const { notify } = notifier(workerDb)
  const superuser = new pg.Client({ connectionString: inject('superuserUrl') })
  await superuser.connect()
  const firm = await createFirm(database.owner)
  const running = new Set<ChildProcess>()

  /** Starts a process on `port` (0: any free one) and answers once it takes requests. */
  async function startProcess(port = 0) {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        DATABASE_API_URL: database.apiUrl,
        TEMPORAL_ADDRESS: '127.0.0.1:9',
        AUTH_JWKS_URL: identity.auth.jwksUrl,
        AUTH_ISSUER: identity.auth.issuer,
        AUTH_AUDIENCE: identity.auth.audience,
        STRIPE_WEBHOOK_SECRET: 'whsec_live',
        RESEND_WEBHOOK_SECRET: 'whsec_bGl2ZQ==',
        PAY_LINK_SECRET: 'live-'.repeat(8),
        PUBLIC_URL: 'http://127.0.0.1:4000',
        API_PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.add(child)
    const ended = once(child, 'exit').then(([code, signal]) => {
      running.delete(child)
      return { code: code as number | null, signal: signal as string | null }
    })
    const url = await new Promise<string>((listening, failed) => {
      void ended.then(() => failed(new Error('The API process did not start.')))
      createInterface(child.stdout).on('line', (line) => {
        const { url } = JSON.parse(line) as { url?: string }
        if (url) listening(url)
      })
    })
    return {
      url: `${url}/graphql`,
      port: Number(new URL(url).port),
      pid: child.pid ?? 0,
      end(signal: NodeJS.Signals) {
        child.kill(signal)
        return ended
      },
    }
  }

  return {
    database,
    startProcess,
    token: (ttlMinutes = 60, roles: ('ADMIN' | 'READER')[] = ['READER']) =>
      identity.token({ firmId: firm.firmId, roles, ttlMinutes }),
    owner: database.owner,
    /** A matter with one event, and what makes one more. */
    async matter() {
      const matterId = await createMatter(database.owner, firm)
      const commit = async (command: Parameters<typeof books.commands.send>[0]['command']) => {
        await books.commands.send({ firmId: firm.firmId, matterId, key: randomUUID(), input: command, command })
        notify(matterId)
      }
      const options = { ...NO_OPTIONS, enabled: true, initialAmountMinor: 100_000n }
      await commit({ kind: 'saveOptions', currency: 'USD', options })
      const cheque = () =>
        commit({ kind: 'recordOfflinePayment', paymentId: randomUUID(), currency: 'USD', amountMinor: 100n })
      return { gid: globalId('Matter', matterId), cheque }
    },
    /** How many of the processes' connections wait for a lock at this moment. */
    async waitingForLocks(): Promise<number> {
      const { rowCount } = await superuser.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = $1`,
        [new URL(database.apiUrl).pathname.slice(1)],
      )
      return rowCount ?? 0
    },
    /** Cuts the connections that listen, and answers how many there were. */
    async cutListeners(): Promise<number> {
      const { rowCount } = await superuser.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listen-matter' and datname = $1`,
        [new URL(database.apiUrl).pathname.slice(1)],
      )
      return rowCount ?? 0
    },
    async close() {
      for (const child of running) child.kill('SIGKILL')
      await superuser.end()
      await workerDb.destroy()
      await books.close()
      await identity.close()
      await database.drop()
    },
  }
}
