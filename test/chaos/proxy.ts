import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline, Transform } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * How a network is.
 * - `cut`: every connection is reset, and so is every new one.
 * - `silent`: nothing passes and nobody is told; what was kept passes when the weather changes, if anybody still waits.
 * - `slow`: each piece takes that much longer, either way.
 * - `torn`: each connection breaks off after that many bytes of its next answer.
 */
export type Weather =
  | { kind: 'clear' }
  | { kind: 'cut' }
  | { kind: 'silent' }
  | { kind: 'slow'; delayMs: number }
  | { kind: 'torn'; afterBytes: number }

/** The network between the application and one neighbour: a TCP proxy on 127.0.0.1 with weather. */
export class Proxy {
  readonly port: number
  readonly #server: Server
  readonly #upstreamPort: number
  readonly #open = new Set<Socket>()
  #weather: Weather = { kind: 'clear' }
  #changed = Promise.withResolvers<void>()

  private constructor(server: Server, upstreamPort: number) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#upstreamPort = upstreamPort
    server.on('connection', (client) => this.#join(client))
  }

  /** Listens on a free port for connections to `upstreamPort`, where nobody need listen yet. */
  static async open(upstreamPort: number): Promise<Proxy> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Proxy(server, upstreamPort)
  }

  /** Changes the weather, for connections that are open as for new ones. */
  set(weather: Weather): void {
    this.#weather = weather
    const { resolve } = this.#changed
    this.#changed = Promise.withResolvers()
    resolve()
    if (weather.kind === 'cut') this.#reset()
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#reset()
    await once(this.#server, 'close')
  }

  #reset(): void {
    for (const socket of this.#open) socket.resetAndDestroy()
  }

  #join(client: Socket): void {
    if (this.#weather.kind === 'cut') {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const upstream = connect(this.#upstreamPort, '127.0.0.1')
    for (const socket of [client, upstream]) {
      this.#open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    pipeline(client, this.#passage(), upstream, () => undefined)
    pipeline(upstream, this.#passage(tearing(client)), client, () => undefined)
  }

  /** One direction of a connection. `tear` is asked what it lets through while answers are torn. */
  #passage(tear?: (chunk: Buffer, weather: Weather & { kind: 'torn' }) => boolean): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        const pass = async () => {
          while (this.#weather.kind === 'silent') await this.#changed.promise
          if (this.#weather.kind === 'slow') await delay(this.#weather.delayMs)
          const weather = this.#weather
          if (weather.kind !== 'torn' || !tear || tear(chunk, weather)) done(null, chunk)
        }
        void pass()
      },
    })
  }
}

/** Lets the first bytes of an answer reach `client` and breaks the connection off there. */
function tearing(client: Socket) {
  let since: Weather | undefined
  let leftBytes = 0
  return (chunk: Buffer, weather: Weather & { kind: 'torn' }): boolean => {
    if (since !== weather) {
      since = weather
      leftBytes = weather.afterBytes
    }
    leftBytes -= chunk.length
    if (leftBytes > 0) return true
    client.write(chunk.subarray(0, chunk.length + leftBytes), () => client.resetAndDestroy())
    return false
  }
}
