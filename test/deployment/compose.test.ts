import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { apiConfig, migrationConfig, temporalConfig, workerConfig } from '../../src/config.ts'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const compose = read('docker-compose.yml')
const { services } = parse(compose, { merge: true }) as { services: Record<string, Service> }

interface Service {
  restart?: string
  healthcheck?: object
  image?: string
  build?: object
  environment?: Record<string, string>
}

const FILLED_IN: Record<string, string> = {
  STRIPE_SECRET_KEY: 'sk_live_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1,whsec_3',
  RESEND_API_KEY: 're_1',
  RESEND_WEBHOOK_SECRET: 'whsec_2',
  AUTH_JWKS_URL: 'https://id.example/keys',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'retainers',
  PUBLIC_URL: 'https://pay.example',
  PAY_LINK_SECRET: 'p'.repeat(32),
}

/** The names of `.env.example`, and what stands there already. */
function example(): Record<string, string> {
  return Object.fromEntries(
    [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
}

/** What the containers of `service` have in their environment, with `.env` filled in. */
function environmentOf(service: string, set: Record<string, string> = {}): Record<string, string> {
  const fill = (text: string) =>
    text.replaceAll(/\$\{([A-Z_]+):([?-])([^}]*)\}/g, (_, name: string, kind: string, rest: string) =>
      kind === '-' ? (set[name] ?? rest) : (FILLED_IN[name] ?? 'secret'),
    )
  const given = Object.fromEntries(
    Object.entries(services[service]?.environment ?? {}).map(([name, value]) => [name, fill(value)]),
  )
  return { ...given, TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' }
}

test('the API container is configured completely, and reachable from outside it', () => {
  const { databaseUrl, temporal, host, port, development } = apiConfig(environmentOf('api'))
  expect(databaseUrl).toBe('postgres://retainer_api:secret@postgres/retainer')
  expect(temporal).toMatchObject({ namespace: 'retainer', connectionOptions: { address: 'temporal:7233' } })
  expect({ host, port, development }).toEqual({ host: '0.0.0.0', port: 4000, development: false })
})

test('the worker container is configured completely, with no login but its own', () => {
  const environment = environmentOf('worker')
  const { databaseUrl, healthPort, mailPerSecond } = workerConfig(environment)
  expect(databaseUrl).toBe('postgres://retainer_worker:secret@postgres/retainer')
  expect({ healthPort, mailPerSecond }).toEqual({ healthPort: 4001, mailPerSecond: 2 })
  expect(Object.keys(environment).filter((name) => name.startsWith('DATABASE_'))).toEqual(['DATABASE_WORKER_URL'])
})

test('the prepare container is configured completely: three logins, and the namespace the others use', () => {
  const environment = environmentOf('prepare')
  expect(migrationConfig(environment).ownerUrl).toBe('postgres://retainer_owner:secret@postgres/retainer')
  expect(temporalConfig(environment).namespace).toBe('retainer')
})

test('.env.example names what docker-compose.yml asks for, all of it and no more, and holds no secret', () => {
  const asked = [...compose.matchAll(/\$\{([A-Z_]+):/g)].map(([, name]) => name)
  const given = example()
  expect(new Set(Object.keys(given))).toEqual(new Set(asked))
  const required = [...compose.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name = '']) => given[name])
  expect(new Set(required)).toEqual(new Set(['']))
})

test('what a person sets in .env reaches the API: introspection and rate limits', () => {
  const set = { GRAPHQL_INTROSPECTION: 'on', RATE_LIMIT_QUERIES: '7', RATE_LIMIT_PAY_LINK: '9' }
  const { introspection, rateLimits } = apiConfig(environmentOf('api', set))
  expect({ introspection, ...rateLimits }).toMatchObject({
    introspection: true,
    queries: 7,
    commands: 1_200,
    payLink: 9,
  })
})

test('every service that stays up has a health check', () => {
  const staying = Object.entries(services).filter(([, { restart }]) => restart === 'unless-stopped')
  const names = staying.map(([name]) => name)
  expect(names).toEqual(['postgres', 'temporal', 'temporal-ui', 'api', 'worker', 'worker-previous'])
  for (const [name, { healthcheck }] of staying) expect(healthcheck, name).toBeDefined()
})

test('the previous version’s workers are the current one’s but for the image, which is never built anew', () => {
  const { image, build, ...current } = services['worker'] ?? {}
  const { image: previousImage, build: previousBuild, ...previous } = services['worker-previous'] ?? {}
  expect([image, previousImage]).toEqual([
    'retainer-automation:${TEMPORAL_WORKER_BUILD_ID:-latest}',
    'retainer-automation:${PREVIOUS_WORKER_BUILD_ID:-latest}',
  ])
  expect(build).toEqual({ context: '.', args: { TEMPORAL_WORKER_BUILD_ID: '${TEMPORAL_WORKER_BUILD_ID:-}' } })
  expect(previousBuild).toBeUndefined()
  expect(previous).toEqual({ ...current, pull_policy: 'never', profiles: ['previous'] })
})
