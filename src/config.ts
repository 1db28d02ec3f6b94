import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig'
import type { z } from 'zod'
import type { RateLimitSettings } from './api/limits/rate-limits.ts'
import { variables } from './config-variables.ts'
import type { DatabaseUrls } from './db/migrate.ts'
import { DEVELOPMENT_ISSUER } from './identity/development.ts'

/** The environment of a process. A variable that is set to nothing counts as not set. */
type Environment = Readonly<Record<string, string | undefined>>

type Name = keyof typeof variables
type Values<Names extends Name> = { [N in Names]: z.output<(typeof variables)[N]> }

/** Everything the API process needs to know. */
export interface ApiConfig {
  databaseUrl: string
  temporal: ClientConnectConfig
  auth: { jwksUrl: string; issuer: string; audience: string }
  /** Tokens are the development provider's, which anybody may ask for one: the API then shows its schema and GraphiQL too. */
  development: boolean
  /** Whether the schema can be read, by those who have a token. */
  introspection: boolean
  /** Whose pages may call the GraphQL API from a browser. */
  corsOrigins: string[]
  trustedProxies: number
  rateLimits: RateLimitSettings
  /** One of each endpoint at Stripe: own account and connected accounts have one each. */
  stripeWebhookSecrets: string[]
  resendWebhookSecret: string
  payLinkSecret: string
  /** No slash at its end. */
  publicUrl: string
  /** The origin of the payment provider's hosted page: the only one the payment page's forms may lead to. */
  checkoutOrigin: string
  host: string
  /** 0: any free one. */
  port: number
}

/** One version of the workers' code, as the Temporal server knows it. */
export interface WorkerVersion {
  deploymentName: string
  buildId: string
}

/** Everything the worker process needs to know. */
export interface WorkerConfig {
  databaseUrl: string
  temporal: ClientConnectConfig
  stripe: { secretKey: string; apiUrl?: string }
  resend: { apiKey: string; apiUrl?: string }
  payLinkSecret: string
  /** No slash at its end. */
  publicUrl: string
  /** 0: any free one. */
  healthPort: number
  mailPerSecond: number
  /** Left out where workers have no versions: each then takes on every matter as it is. */
  version?: WorkerVersion
}

/** @throws ConfigurationError naming every variable that is missing or wrong */
export function apiConfig(environment: Environment): ApiConfig {
  const { env, temporal } = read(
    environment,
    'DATABASE_API_URL',
    'AUTH_JWKS_URL',
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_API_URL',
    'RESEND_WEBHOOK_SECRET',
    'PAY_LINK_SECRET',
    'PUBLIC_URL',
    'HOST',
    'API_PORT',
    'GRAPHQL_INTROSPECTION',
    'CORS_ORIGINS',
    'TRUSTED_PROXIES',
    'RATE_LIMIT_QUERIES',
    'RATE_LIMIT_COMMANDS',
    'RATE_LIMIT_CREATE_ONLINE',
    'RATE_LIMIT_PAY_LINK',
    'RATE_LIMIT_PAY_ADDRESS',
  )
  const development = env.AUTH_ISSUER === DEVELOPMENT_ISSUER
  return {
    databaseUrl: env.DATABASE_API_URL,
    temporal,
    auth: { jwksUrl: env.AUTH_JWKS_URL, issuer: env.AUTH_ISSUER, audience: env.AUTH_AUDIENCE },
    development,
    introspection: env.GRAPHQL_INTROSPECTION === undefined ? development : env.GRAPHQL_INTROSPECTION === 'on',
    corsOrigins: env.CORS_ORIGINS,
    trustedProxies: env.TRUSTED_PROXIES,
    rateLimits: {
      queries: env.RATE_LIMIT_QUERIES,
      commands: env.RATE_LIMIT_COMMANDS,
      createOnline: env.RATE_LIMIT_CREATE_ONLINE,
      payLink: env.RATE_LIMIT_PAY_LINK,
      payAddress: env.RATE_LIMIT_PAY_ADDRESS,
    },
    stripeWebhookSecrets: env.STRIPE_WEBHOOK_SECRET,
    resendWebhookSecret: env.RESEND_WEBHOOK_SECRET,
    payLinkSecret: env.PAY_LINK_SECRET,
    publicUrl: env.PUBLIC_URL,
    checkoutOrigin: env.STRIPE_API_URL ? new URL(env.STRIPE_API_URL).origin : 'https://checkout.stripe.com',
    host: env.HOST,
    port: env.API_PORT,
  }
}

/** @throws ConfigurationError naming every variable that is missing or wrong */
export function workerConfig(environment: Environment): WorkerConfig {
  const { env, temporal } = read(
    environment,
    'DATABASE_WORKER_URL',
    'STRIPE_SECRET_KEY',
    'STRIPE_API_URL',
    'RESEND_API_KEY',
    'RESEND_API_URL',
    'PAY_LINK_SECRET',
    'PUBLIC_URL',
    'WORKER_HEALTH_PORT',
    'MAIL_PER_SECOND',
    'TEMPORAL_DEPLOYMENT_NAME',
    'TEMPORAL_WORKER_BUILD_ID',
  )
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = env
  if (Boolean(deploymentName) !== Boolean(buildId)) {
    const missing = deploymentName ? 'TEMPORAL_WORKER_BUILD_ID' : 'TEMPORAL_DEPLOYMENT_NAME'
    throw new ConfigurationError([`${missing} is not set (${variables[missing].description}; both, or neither)`])
  }
  return {
    databaseUrl: env.DATABASE_WORKER_URL,
    temporal,
    stripe: { secretKey: env.STRIPE_SECRET_KEY, ...(env.STRIPE_API_URL && { apiUrl: env.STRIPE_API_URL }) },
    resend: { apiKey: env.RESEND_API_KEY, ...(env.RESEND_API_URL && { apiUrl: env.RESEND_API_URL }) },
    payLinkSecret: env.PAY_LINK_SECRET,
    publicUrl: env.PUBLIC_URL,
    healthPort: env.WORKER_HEALTH_PORT,
    mailPerSecond: env.MAIL_PER_SECOND,
    ...(deploymentName && buildId && { version: { deploymentName, buildId } }),
  }
}

/** The three logins, as migrations need them. @throws ConfigurationError naming every variable that is missing or wrong */
export function migrationConfig(environment: Environment): DatabaseUrls {
  const { env, problems } = parse(environment, ['DATABASE_URL', 'DATABASE_WORKER_URL', 'DATABASE_API_URL'])
  if (problems.length > 0) throw new ConfigurationError(problems)
  return { ownerUrl: env.DATABASE_URL, workerUrl: env.DATABASE_WORKER_URL, apiUrl: env.DATABASE_API_URL }
}

/** How to reach the Temporal server. @throws ConfigurationError when nothing says so */
export function temporalConfig(environment: Environment): ClientConnectConfig {
  const problems: string[] = []
  const temporal = readTemporal(environment, problems)
  if (!temporal) throw new ConfigurationError(problems)
  return temporal
}

/** What the operator's command for versions needs to know. @throws ConfigurationError naming every variable that is missing */
export function versionsConfig(environment: Environment): { temporal: ClientConnectConfig; deploymentName: string } {
  const { env, problems } = parse(environment, ['TEMPORAL_DEPLOYMENT_NAME'])
  const temporal = readTemporal(environment, problems)
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName } = env
  if (!deploymentName) {
    const { description } = variables.TEMPORAL_DEPLOYMENT_NAME
    problems.push(`TEMPORAL_DEPLOYMENT_NAME is not set (${description})`)
  }
  if (problems.length > 0 || !temporal || !deploymentName) throw new ConfigurationError(problems)
  return { temporal, deploymentName }
}

/** The configuration cannot be used. The message names each variable and what it is for, and no value: some are secrets. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError'
  constructor(problems: readonly string[]) {
    super(['The configuration is not usable:', ...problems.map((problem) => `  - ${problem}`)].join('\n'))
  }
}

function read<Names extends Name>(environment: Environment, ...names: Names[]) {
  const { env, problems } = parse(environment, names)
  const temporal = readTemporal(environment, problems)
  if (problems.length > 0 || !temporal) throw new ConfigurationError(problems)
  return { env, temporal }
}

function parse<Names extends Name>(environment: Environment, names: Names[]) {
  const problems: string[] = []
  const env: Record<string, unknown> = {}
  for (const name of names) {
    const schema: z.ZodType = variables[name]
    const text = environment[name] || undefined
    const parsed = schema.safeParse(text)
    if (parsed.success) env[name] = parsed.data
    else {
      const complaint = text === undefined ? 'is not set' : parsed.error.issues.map(({ message }) => message).join(', ')
      problems.push(`${name} ${complaint} (${schema.description})`)
    }
  }
  return { env: env as Values<Names>, problems }
}

/** Address, namespace, API key, TLS and profile file as Temporal's own tools read them. */
function readTemporal(environment: Environment, problems: string[]): ClientConnectConfig | undefined {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]))
  try {
    const config = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(given) })
    if (config.connectionOptions.address) return config
    problems.push(
      'TEMPORAL_ADDRESS is not set (the Temporal server; a profile in TEMPORAL_CONFIG_FILE may name it instead)',
    )
  } catch (error) {
    problems.push(`TEMPORAL_* cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  return undefined
}
