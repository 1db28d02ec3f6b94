import { expect, test } from 'vitest'
import { apiConfig, ConfigurationError, migrationConfig, versionsConfig, workerConfig } from '../../src/config.ts'
import { DEVELOPMENT_ISSUER } from '../../src/identity/development.ts'

const NO_PROFILE = { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' }
const COMPLETE = {
  ...NO_PROFILE,
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  TEMPORAL_NAMESPACE: 'retainers',
  DATABASE_URL: 'postgres://owner:o@db.example/retainer',
  DATABASE_WORKER_URL: 'postgres://worker:w@db.example/retainer',
  DATABASE_API_URL: 'postgres://api:a@db.example/retainer',
  STRIPE_SECRET_KEY: 'sk_live_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
  RESEND_API_KEY: 're_1',
  RESEND_WEBHOOK_SECRET: 'whsec_2',
  AUTH_JWKS_URL: 'https://id.example/keys',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'retainers',
  PUBLIC_URL: 'https://pay.example/',
  PAY_LINK_SECRET: 'p'.repeat(32),
}

function complaint(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as Error).message
  }
  throw new Error('The configuration was accepted.')
}

test('a complete environment configures both processes, with the documented defaults', () => {
  expect(apiConfig(COMPLETE)).toMatchObject({
    databaseUrl: COMPLETE.DATABASE_API_URL,
    temporal: { connectionOptions: { address: 'temporal.example:7233' }, namespace: 'retainers' },
    publicUrl: 'https://pay.example',
    checkoutOrigin: 'https://checkout.stripe.com',
    development: false,
    host: '127.0.0.1',
    port: 4000,
  })
  expect(workerConfig(COMPLETE)).toMatchObject({
    databaseUrl: COMPLETE.DATABASE_WORKER_URL,
    stripe: { secretKey: 'sk_live_1' },
    resend: { apiKey: 're_1' },
    healthPort: 4001,
    mailPerSecond: 2,
  })
  expect(migrationConfig(COMPLETE).ownerUrl).toBe(COMPLETE.DATABASE_URL)
})

test('R12: the secrets of several endpoints at Stripe stand in one variable, separated by commas', () => {
  const secretsOf = (text: string) => apiConfig({ ...COMPLETE, STRIPE_WEBHOOK_SECRET: text }).stripeWebhookSecrets
  expect(secretsOf('whsec_1')).toEqual(['whsec_1'])
  expect(secretsOf('whsec_1,whsec_2')).toEqual(['whsec_1', 'whsec_2'])
  expect(secretsOf(' whsec_1, whsec_2, ')).toEqual(['whsec_1', 'whsec_2'])
  for (const wrong of [',', 'sk_live_secret', 'whsec_1,sk_live_secret', 'whsec_']) {
    const message = complaint(() => secretsOf(wrong))
    expect(message, wrong).toContain('- STRIPE_WEBHOOK_SECRET ')
    expect(message).not.toContain('sk_live_secret')
  }
  expect(complaint(() => secretsOf(''))).toContain('STRIPE_WEBHOOK_SECRET is not set')
})

test('the schema is shown to strangers only where the development provider signs the tokens', () => {
  expect(apiConfig({ ...COMPLETE, AUTH_ISSUER: DEVELOPMENT_ISSUER }).development).toBe(true)
})

test('stand-ins for the providers are configured by their addresses alone', () => {
  const env = { ...COMPLETE, STRIPE_API_URL: 'http://127.0.0.1:4010/', RESEND_API_URL: 'http://127.0.0.1:4020' }
  expect(workerConfig(env)).toMatchObject({
    stripe: { apiUrl: 'http://127.0.0.1:4010' },
    resend: { apiUrl: 'http://127.0.0.1:4020' },
  })
  expect(apiConfig(env).checkoutOrigin).toBe('http://127.0.0.1:4010')
})

test('a worker has a version when both its names are set, none when neither is, and one alone is refused', () => {
  expect(workerConfig(COMPLETE).version).toBeUndefined()
  const [name, buildId] = [{ TEMPORAL_DEPLOYMENT_NAME: 'retainer' }, { TEMPORAL_WORKER_BUILD_ID: '4f2c91e' }]
  const version = { deploymentName: 'retainer', buildId: '4f2c91e' }
  expect(workerConfig({ ...COMPLETE, ...name, ...buildId }).version).toEqual(version)
  expect(complaint(() => workerConfig({ ...COMPLETE, ...name }))).toContain('TEMPORAL_WORKER_BUILD_ID is not set')
  expect(complaint(() => workerConfig({ ...COMPLETE, ...buildId }))).toContain('TEMPORAL_DEPLOYMENT_NAME is not set')
  const wrong = { ...name, TEMPORAL_WORKER_BUILD_ID: "v1' OR 1" }
  expect(complaint(() => workerConfig({ ...COMPLETE, ...wrong }))).toContain('must be letters, digits')
  expect(versionsConfig({ ...COMPLETE, ...name }).deploymentName).toBe('retainer')
  expect(complaint(() => versionsConfig(COMPLETE))).toContain('TEMPORAL_DEPLOYMENT_NAME is not set')
  const all = complaint(() => versionsConfig({ TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' }))
  for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_DEPLOYMENT_NAME']) expect(all).toContain(`${name} is not set`)
})

test('what guards the API has defaults, and one variable each', () => {
  expect(apiConfig(COMPLETE)).toMatchObject({
    introspection: false,
    corsOrigins: [],
    trustedProxies: 0,
    rateLimits: { queries: 3_000, commands: 1_200, createOnline: 10, payLink: 120, payAddress: 600 },
  })
  const development = { ...COMPLETE, AUTH_ISSUER: DEVELOPMENT_ISSUER }
  expect(apiConfig(development).introspection).toBe(true)
  expect(apiConfig({ ...development, GRAPHQL_INTROSPECTION: 'off' }).introspection).toBe(false)
  expect(
    apiConfig({
      ...COMPLETE,
      GRAPHQL_INTROSPECTION: 'on',
      CORS_ORIGINS: 'https://app.example, http://localhost:5173',
      TRUSTED_PROXIES: '2',
      RATE_LIMIT_QUERIES: '9',
    }),
  ).toMatchObject({
    introspection: true,
    corsOrigins: ['https://app.example', 'http://localhost:5173'],
    trustedProxies: 2,
    rateLimits: { queries: 9 },
  })
  const wrong = { CORS_ORIGINS: '*', TRUSTED_PROXIES: '-1', RATE_LIMIT_PAY_LINK: '0', GRAPHQL_INTROSPECTION: 'yes' }
  const message = complaint(() => apiConfig({ ...COMPLETE, ...wrong }))
  for (const name of Object.keys(wrong)) expect(message).toContain(`- ${name} `)
})

test('one error names every variable that is missing and what it is for', () => {
  const api = complaint(() => apiConfig(NO_PROFILE))
  for (const name of [
    'DATABASE_API_URL',
    'AUTH_JWKS_URL',
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
    'STRIPE_WEBHOOK_SECRET',
    'RESEND_WEBHOOK_SECRET',
    'PAY_LINK_SECRET',
    'PUBLIC_URL',
    'TEMPORAL_ADDRESS',
  ]) {
    expect(api).toMatch(new RegExp(`- ${name} is not set \\(.+\\)`))
  }
  const worker = complaint(() => workerConfig(NO_PROFILE))
  for (const name of ['DATABASE_WORKER_URL', 'STRIPE_SECRET_KEY', 'RESEND_API_KEY', 'PAY_LINK_SECRET', 'PUBLIC_URL']) {
    expect(worker).toContain(`${name} is not set`)
  }
  expect(complaint(() => migrationConfig({ ...COMPLETE, DATABASE_URL: '' }))).toContain('DATABASE_URL is not set')
})

test('a wrong value is named by its variable and never printed', () => {
  const wrong = {
    DATABASE_WORKER_URL: 'mysql://u:hunter2@db/x',
    RESEND_API_KEY: 'hunter2',
    PAY_LINK_SECRET: 'hunter2',
    PUBLIC_URL: 'ftp://hunter2',
    WORKER_HEALTH_PORT: '70000',
    MAIL_PER_SECOND: '0',
  }
  const message = complaint(() => workerConfig({ ...COMPLETE, ...wrong }))
  for (const name of Object.keys(wrong)) expect(message).toContain(name)
  expect(message).not.toContain('hunter2')
})
