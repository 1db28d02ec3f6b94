import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { NEIGHBOURS, type Ports, type PortVariable, type StackConfig } from './config.ts'
import { freePorts } from './free-ports.ts'

/**
 * Settles the ports of everything the stack will start: 0 becomes a free one, any other must be free.
 * @throws naming every occupied or doubly used port with its variable
 */
export async function settlePorts(config: StackConfig): Promise<Ports> {
  const ports = { ...config.ports }
  const used = usedPorts(config)
  const open = used.filter((name) => ports[name] === 0)
  const chosen = await freePorts(open.length)
  open.forEach((name, index) => (ports[name] = chosen[index] ?? 0))

  const problems: string[] = []
  for (const [index, name] of used.entries()) {
    const twin = used.slice(0, index).find((other) => ports[other] === ports[name])
    if (twin !== undefined) problems.push(`${name} and ${twin} are both ${ports[name]}`)
    else if (await isTaken(ports[name])) problems.push(`port ${ports[name]} (${name}) is taken by another program`)
  }
  if (problems.length === 0) return ports
  const list = problems.map((problem) => `  - ${problem}`)
  throw new Error(['Not all ports are free:', ...list, 'Set the variable to a free port, or to 0 for any.'].join('\n'))
}

function usedPorts(config: StackConfig): PortVariable[] {
  const embedded = [...config.embedded].flatMap((name): readonly PortVariable[] => NEIGHBOURS[name].ports)
  return ['API_PORT', 'WORKER_HEALTH_PORT', ...embedded]
}

// Binding alone is not enough: macOS lets 127.0.0.1 be bound although another program listens on all addresses.
async function isTaken(port: number): Promise<boolean> {
  return (await answers(port)) || !(await canListen(port))
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    await new Promise((closed) => server.close(closed))
  }
}
