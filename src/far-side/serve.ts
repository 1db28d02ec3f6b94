import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { NodeEnv } from './intercept.ts'

/** A listening server. */
export interface Listening {
  url: string
  /** Ends it at once, open connections included. */
  close: () => Promise<void>
}

/** Listens on 127.0.0.1 only (port 0: any free one). Rejects if the port is taken. */
export function listen(app: Hono<NodeEnv>, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => {
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      })
    })
    server.once('error', reject)
  })
}
