import path from 'node:path'
import { z } from 'zod'

/** Variables of the ports and their defaults; 0 means any free port. */
export const DEFAULT_PORTS = {
  API_PORT: 4000,
  WORKER_HEALTH_PORT: 4001,
  STRIPE_SANDBOX_PORT: 4010,
  OUTBOX_PORT: 4020,
  IDENTITY_PORT: 4030,
  TEMPORAL_PORT: 7233,
  TEMPORAL_UI_PORT: 8233,
  POSTGRES_PORT: 5433,
} as const

/** The variable that names a port. */
export type PortVariable = keyof typeof DEFAULT_PORTS
/** A port for each variable. */
export type Ports = Record<PortVariable, number>

/** For each neighbour: what makes it the real one, and what then must be set as well. */
export const NEIGHBOURS = {
  temporal: { switch: 'TEMPORAL_ADDRESS', needs: [], ports: ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT'] },
  postgres: { switch: 'DATABASE_URL', needs: ['DATABASE_WORKER_URL', 'DATABASE_API_URL'], ports: ['POSTGRES_PORT'] },
  stripe: { switch: 'STRIPE_SECRET_KEY', needs: ['STRIPE_WEBHOOK_SECRET'], ports: ['STRIPE_SANDBOX_PORT'] },
  resend: { switch: 'RESEND_API_KEY', needs: ['RESEND_WEBHOOK_SECRET'], ports: ['OUTBOX_PORT'] },
  identity: { switch: 'AUTH_JWKS_URL', needs: ['AUTH_ISSUER', 'AUTH_AUDIENCE'], ports: ['IDENTITY_PORT'] },
} as const satisfies Record<string, { switch: string; needs: readonly string[]; ports: readonly PortVariable[] }>

/** A neighbour of the application. */
export type Neighbour = keyof typeof NEIGHBOURS

/** What the stack is to start, and where. */
export type StackConfig = {
  /** Absolute. */
  dataDir: string
  /** As asked for: 0 is still to be chosen. */
  ports: Ports
  /** Neighbours whose embedded part is to be started; the others are real. */
  embedded: ReadonlySet<Neighbour>
  temporalNamespace: string
}

const port = z.coerce.number('must be a port number').int().min(0).max(65_535)
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a URL postgres://...' })
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL http://... or https://...' })

const environment = z.object({
  ...(Object.fromEntries(
    Object.entries(DEFAULT_PORTS).map(([name, defaultPort]) => [name, port.default(defaultPort)]),
  ) as Record<PortVariable, z.ZodDefault<typeof port>>),
  DATA_DIR: z.string().optional(),
  PUBLIC_URL: httpUrl.optional(),
  PAY_LINK_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_WORKER_URL: postgresUrl.optional(),
  DATABASE_API_URL: postgresUrl.optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_WEBHOOK_SECRET: z.string().optional(),
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
})

/**
 * Reads the stack's configuration from environment variables; an empty one counts as not set.
 * @throws one error that names every variable that is wrong
 */
export function parseStackConfig(env: NodeJS.ProcessEnv, projectDir: string): StackConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(
        (issue) => `${issue.path.join('.')}: ${issue.message} (is ${given[String(issue.path[0])]})`,
      )
  for (const neighbour of Object.values(NEIGHBOURS)) {
    const missing =
      given[neighbour.switch] === undefined ? [] : neighbour.needs.filter((name) => given[name] === undefined)
    problems.push(...missing.map((name) => `${name}: must be set, because ${neighbour.switch} is`))
  }
  if (!parsed.success || problems.length > 0) {
    throw new Error(['The configuration is not valid:', ...problems.map((problem) => `  - ${problem}`)].join('\n'))
  }
  const { DATA_DIR, TEMPORAL_NAMESPACE, ...rest } = parsed.data
  const names = Object.keys(DEFAULT_PORTS) as PortVariable[]
  const neighbours = Object.keys(NEIGHBOURS) as Neighbour[]
  return {
    dataDir: DATA_DIR === undefined ? path.join(projectDir, '.data') : path.resolve(DATA_DIR),
    ports: Object.fromEntries(names.map((name) => [name, rest[name]])) as Ports,
    embedded: new Set(neighbours.filter((name) => given[NEIGHBOURS[name].switch] === undefined)),
    temporalNamespace: TEMPORAL_NAMESPACE,
  }
}
