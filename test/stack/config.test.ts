import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseStackConfig } from '../../src/stack/config.ts'
import { settlePorts } from '../../src/stack/ports.ts'
import { freePortsEnv } from './fixtures/stand-ins.ts'

describe('the configuration', () => {
  test('has defaults for everything, and an empty variable counts as not set', () => {
    const config = parseStackConfig({ STRIPE_SECRET_KEY: '', API_PORT: '' }, '/project')
    expect(config.dataDir).toBe('/project/.data')
    expect(config.ports).toMatchObject({ API_PORT: 4000, POSTGRES_PORT: 5433, TEMPORAL_UI_PORT: 8233 })
    expect([...config.embedded].sort()).toEqual(['identity', 'postgres', 'resend', 'stripe', 'temporal'])
  })

  test.each([
    ['TEMPORAL_ADDRESS', { TEMPORAL_ADDRESS: 'temporal:7233' }, 'temporal'],
    ['STRIPE_SECRET_KEY', { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' }, 'stripe'],
    ['RESEND_API_KEY', { RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: 'whsec_1' }, 'resend'],
  ] as const)('%s makes the real neighbour used, and only that one', (_switch, env, neighbour) => {
    const { embedded } = parseStackConfig(env, '/project')
    expect(embedded.has(neighbour)).toBe(false)
    expect(embedded.size).toBe(4)
  })

  test('errors name every variable that is wrong, all at once', () => {
    const env = { API_PORT: 'web', TEMPORAL_PORT: '70000', DATABASE_URL: 'postgres://db/x', AUTH_JWKS_URL: 'nonsense' }
    expect(() => parseStackConfig(env, '/project')).toThrow(
      /API_PORT: must be a port number \(is web\)[^]*TEMPORAL_PORT[^]*AUTH_JWKS_URL: must be a URL[^]*DATABASE_WORKER_URL: must be set, because DATABASE_URL is[^]*DATABASE_API_URL[^]*AUTH_ISSUER[^]*AUTH_AUDIENCE/,
    )
  })
})

describe('the ports', () => {
  test('an occupied port gives an error naming port and variable', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const config = parseStackConfig({ ...freePortsEnv(), OUTBOX_PORT: String(port) }, '/project')
    await expect(settlePorts(config)).rejects.toThrow(`port ${port} (OUTBOX_PORT) is taken by another program`)
    const withRealResend = {
      ...freePortsEnv(),
      OUTBOX_PORT: String(port),
      RESEND_API_KEY: 're_1',
      RESEND_WEBHOOK_SECRET: 's',
    }
    await expect(settlePorts(parseStackConfig(withRealResend, '/project'))).resolves.toBeDefined()
  })

  test('0 is any free port, and no two are the same', async () => {
    const ports = Object.values(await settlePorts(parseStackConfig(freePortsEnv(), '/project')))
    expect(ports.every((port) => port > 0)).toBe(true)
    expect(new Set(ports).size).toBe(ports.length)
  })

  test('the same port twice is named', async () => {
    const config = parseStackConfig({ ...freePortsEnv(), API_PORT: '49871', OUTBOX_PORT: '49871' }, '/project')
    await expect(settlePorts(config)).rejects.toThrow('OUTBOX_PORT and API_PORT are both 49871')
  })
})
