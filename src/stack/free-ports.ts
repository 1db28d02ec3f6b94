import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Below what systems give to outgoing connections (Linux from 32768, macOS from 49152): one of those would take the port away. */
const FIRST = 10_000
const LAST = 32_000

/** Gives `count` different ports of 127.0.0.1 that nothing listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held at once, so that none is chosen twice.
  const servers = await Promise.all(Array.from({ length: count }, listening))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}

let given = 0
/** Not the same twice: between being found and being used, a port is free to anybody. Processes begin apart from each other. */
const next = (): number => FIRST + ((process.pid * 331 + given++) % (LAST - FIRST))

async function listening(): Promise<Server> {
  for (;;) {
    const server = createServer()
    try {
      server.listen(next(), '127.0.0.1')
      await once(server, 'listening')
      return server
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}
