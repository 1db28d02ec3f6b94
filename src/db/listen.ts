import pg from 'pg'

export interface Listener {
  stop(): Promise<void>
}

const RECONNECT_AFTER_MS = 500

/**
 * Calls `wake` with the payload of every NOTIFY on `channel`, and without one after each (re)connection, since
 * notifications of the time between are lost. Reconnects for as long as it is not stopped.
 */
export function listenTo(connectionString: string, channel: string, wake: (payload?: string) => void): Listener {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  function again(): void {
    client = undefined
    if (!stopped) timer = setTimeout(() => void connect(), RECONNECT_AFTER_MS)
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString, application_name: `listen-${channel}`, keepAlive: true })
    client = next
    let ended = false
    const lost = () => {
      if (ended) return
      ended = true
      next.end().catch(() => undefined)
      again()
    }
    next.on('error', lost)
    next.on('end', lost)
    next.on('notification', ({ payload }) => wake(payload ?? ''))
    try {
      await next.connect()
      await next.query(`listen ${next.escapeIdentifier(channel)}`)
      wake()
    } catch {
      lost()
    }
  }

  void connect()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      const ended = client?.end().catch(() => undefined)
      // A peer that is gone without a word never says that it has ended, too.
      client?.connection.stream.destroy()
      await ended
    },
  }
}
