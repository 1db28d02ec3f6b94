import path from 'node:path'
import { freePorts } from '../../src/stack/free-ports.ts'
import { PROGRAM_FILES } from '../../src/stack/programs.ts'
import { FIRM_COUNT, openPractice, type Practice } from '../practice/practice.ts'
import { NETWORK_VARIABLE } from './behind-network/network.ts'
import { Proxy } from './proxy.ts'
import { NEIGHBOURS, type Neighbour } from './trouble.ts'

/** A practice whose worker and API reach every neighbour over a network that can fail. */
export interface World {
  practice: Practice
  network: Record<Neighbour, Proxy>
  stop(): Promise<void>
}

const PORT_VARIABLES: Record<Neighbour, string> = {
  postgres: 'POSTGRES_PORT',
  temporal: 'TEMPORAL_PORT',
  stripe: 'STRIPE_SANDBOX_PORT',
  resend: 'OUTBOX_PORT',
}

/** Everybody here is one address and very busy: limits on callers have tests of their own. */
const NO_LIMITS = Object.fromEntries(
  ['QUERIES', 'COMMANDS', 'CREATE_ONLINE', 'PAY_LINK', 'PAY_ADDRESS'].map((of) => [`RATE_LIMIT_${of}`, '1000000']),
)

/** Starts everything, with `matters` or a few more. @throws when the stack does not start; nothing is left running then */
export async function openWorld(matters: number, signal: AbortSignal): Promise<World> {
  const realPorts = await freePorts(NEIGHBOURS.length)
  const proxies = await Promise.all(realPorts.map((port) => Proxy.open(port)))
  const closeNetwork = () => Promise.all(proxies.map((proxy) => proxy.close()))
  const ways = Object.fromEntries(realPorts.map((port, index) => [port, proxies[index]?.port]))
  const ports = NEIGHBOURS.map((name, index) => [PORT_VARIABLES[name], String(realPorts[index])])
  const behindNetwork = (program: string) => path.join(import.meta.dirname, 'behind-network', `${program}.ts`)
  try {
    const practice = await openPractice({
      mattersPerFirm: 2 * Math.ceil(matters / FIRM_COUNT / 2),
      env: { ...Object.fromEntries(ports), ...NO_LIMITS, [NETWORK_VARIABLE]: JSON.stringify(ways) },
      programFiles: { ...PROGRAM_FILES, worker: behindNetwork('worker'), api: behindNetwork('api') },
      signal,
    })
    return {
      practice,
      network: Object.fromEntries(NEIGHBOURS.map((name, index) => [name, proxies[index]])) as World['network'],
      async stop() {
        await practice.stop()
        await closeNetwork()
      },
    }
  } catch (error) {
    await closeNetwork()
    throw error
  }
}
