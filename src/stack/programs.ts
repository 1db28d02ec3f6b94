import path from 'node:path'
import type { ChildSpec } from './child-spec.ts'
import type { Ports } from './config.ts'
import { localHttp, type StackEnv } from './environment.ts'

/** Root of the project. */
export const PROJECT_DIR = path.resolve(import.meta.dirname, '..', '..')

/** The node programs of the stack. */
export type ProgramName = 'api' | 'worker' | 'sandbox' | 'outbox' | 'identity'

/** Where their entry files are. */
export const PROGRAM_FILES: Record<ProgramName, string> = {
  api: path.join(PROJECT_DIR, 'src', 'api', 'main.ts'),
  worker: path.join(PROJECT_DIR, 'src', 'worker', 'main.ts'),
  sandbox: path.join(PROJECT_DIR, 'src', 'sandbox', 'main.ts'),
  outbox: path.join(PROJECT_DIR, 'src', 'outbox', 'main.ts'),
  identity: path.join(PROJECT_DIR, 'src', 'identity', 'main.ts'),
}

/**
 * A node program of the stack as a child: ready when its `/healthz` answers 2xx.
 * Each gets only what it needs: the embedded parts none of the application's secrets, API and worker one login each.
 */
export function nodeProgram(
  name: ProgramName,
  file: string,
  env: StackEnv,
  ports: Ports,
): ChildSpec & { healthPort: number } {
  const { environment, healthPort } = {
    api: { environment: without(env, 'DATABASE_URL', 'DATABASE_WORKER_URL'), healthPort: ports.API_PORT },
    worker: { environment: without(env, 'DATABASE_URL', 'DATABASE_API_URL'), healthPort: ports.WORKER_HEALTH_PORT },
    sandbox: {
      environment: {
        ...only(env, 'STRIPE_WEBHOOK_SECRET'),
        STRIPE_SANDBOX_PORT: String(ports.STRIPE_SANDBOX_PORT),
        STRIPE_WEBHOOK_URL: `${localHttp(ports.API_PORT)}/webhooks/stripe`,
      },
      healthPort: ports.STRIPE_SANDBOX_PORT,
    },
    outbox: {
      environment: {
        ...only(env, 'RESEND_WEBHOOK_SECRET'),
        OUTBOX_PORT: String(ports.OUTBOX_PORT),
        RESEND_WEBHOOK_URL: `${localHttp(ports.API_PORT)}/webhooks/resend`,
      },
      healthPort: ports.OUTBOX_PORT,
    },
    identity: {
      environment: { ...only(env), IDENTITY_PORT: String(ports.IDENTITY_PORT) },
      healthPort: ports.IDENTITY_PORT,
    },
  }[name]
  return {
    name,
    healthPort,
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), file],
    env: environment,
    cwd: PROJECT_DIR,
    stop: { signal: 'SIGTERM', graceMs: 10_000 },
    probe: () => probeHealth(`${localHttp(healthPort)}/healthz`),
    readyWithinMs: 60_000,
  }
}

async function probeHealth(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
}

function without(env: StackEnv, ...names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))
}

const PLAIN = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'LOG_LEVEL', 'DATA_DIR']

function only(env: StackEnv, ...names: string[]): NodeJS.ProcessEnv {
  const wanted = [...PLAIN, ...names]
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted.includes(name)))
}
