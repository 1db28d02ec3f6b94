import { Agent, request } from 'node:http'

/** An error, or a command that was refused. */
const NO_ANSWER = /"errors"|"__typename":"\w*(?<!Payload)"/

/** What a number of clients, each asking again as soon as it is answered, got to see. */
export interface Measured {
  requests: number
  perSecond: number
  p50Ms: number
  p95Ms: number
}

/** One body after the other for POST; undefined: there are no more. */
export type Bodies = () => string | undefined

interface Load {
  url: string
  /** Empty: none is sent. */
  token: string
  clients: number
  /** Ends the run, which ends with the bodies otherwise. */
  forMs: number
  next: Bodies
}

/**
 * Asks over kept-alive connections. @throws at the first error or refusal, which are no answers. By `node:http`, as a
 * client that costs more than the server would measure itself.
 */
export async function load({ url, token, clients, forMs, next }: Load): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const took: number[] = []
  const startedAt = performance.now()
  async function client(): Promise<void> {
    while (performance.now() - startedAt < forMs) {
      const body = next()
      if (body === undefined) return
      const askedAt = performance.now()
      const answer = await post(url, agent, headers, body)
      took.push(performance.now() - askedAt)
      if (NO_ANSWER.test(answer)) throw new Error(answer.slice(0, 500))
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const lastedMs = performance.now() - startedAt
  agent.destroy()
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN
  return { requests: took.length, perSecond: (took.length * 1_000) / lastedMs, p50Ms: at(0.5), p95Ms: at(0.95) }
}

function post(url: string, agent: Agent, headers: Record<string, string>, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let answer = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (answer += chunk))
      response.on('end', () => resolve(answer))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
