import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { answerMalformedRequests, answerUnreadable } from './malformed-requests.ts'
import type { AppEnv } from './request-log.ts'

/** How long a request may take to arrive; what it takes to answer is bounded where it is answered. */
const LIMITS = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 }
/** After which a connection on which nothing moves is cut: one whose reader has stalled. Streams that are read ping every 12 s. */
const SILENT_MS = 60_000
/** Below the ten seconds that orchestrators commonly leave between SIGTERM and SIGKILL. */
const FINISH_WITHIN_MS = 8_000

/** A server that takes requests. */
interface Listening {
  url: string
  /** Takes no more, finishes what it took, and cuts off only what is not finished after eight seconds. */
  close(): Promise<void>
}

/** Serves `app` on `host` and `port` (0: any free one). Rejects if the port is taken. */
export async function listen(app: Hono<AppEnv>, { host, port }: { host: string; port: number }): Promise<Listening> {
  const answer = getRequestListener(app.fetch, { errorHandler: answerUnreadable })
  const server = createServer(LIMITS, (request, response) => void answer(request, response))
  server.setTimeout(SILENT_MS)
  answerMalformedRequests(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const boundPort = typeof address === 'object' && address ? address.port : port
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${boundPort}`,
    close: () =>
      new Promise((closed) => {
        // A connection kept alive becomes idle after its last answer, and would otherwise hold up the end.
        const idle = setInterval(() => server.closeIdleConnections(), 50)
        const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS)
        server.close(() => {
          clearInterval(idle)
          clearTimeout(cut)
          closed()
        })
      }),
  }
}
