import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a webhook endpoint got. */
interface Received {
  body: string
  type: string
  header: (name: string) => string
}

/** A webhook endpoint on a free port that keeps what arrives, and answers the nth with the status `answer` gives. */
export async function openEndpoint(answer: (nth: number) => number = () => 200) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const { type } = JSON.parse(body) as { type: string }
      received.push({ body, type, header: (name) => String(request.headers[name]) })
      response.writeHead(answer(received.length)).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    received,
    types: () => received.map(({ type }) => type),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Gives the function that sets the faults of a stand-in and throws what it says of a bad one. */
export function faultSetter(url: string): (faults: object) => Promise<void> {
  return async (faults) => {
    const response = await fetch(`${url}/_control/faults`, { method: 'POST', body: JSON.stringify(faults) })
    if (!response.ok) throw new Error(await response.text())
  }
}

/** Waits until `condition` holds. Throws after 45 seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 45_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await sleep(10)
  }
}
