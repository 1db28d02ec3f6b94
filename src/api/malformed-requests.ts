import type { Server } from 'node:http'
import { RequestError } from '@hono/node-server'
import type { ErrorCode } from './error-codes.ts'

const ANSWERS: Readonly<Record<string, [status: string, ErrorCode]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'HEADERS_TOO_LARGE'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'REQUEST_TIMEOUT'],
}

/** Answers what Node could not read as a request with a code, as everything else is, and ends its connection. */
export function answerMalformedRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
    const [status, code] = ANSWERS[error.code ?? ''] ?? ['400 Bad Request', 'BAD_REQUEST']
    const body = JSON.stringify({ error: { code } })
    const head = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close']
    socket.end(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\n\r\n${body}`)
  })
}

/** Answers a request that Node can read and nobody can serve, such as one for a host that is none. */
export function answerUnreadable(error: unknown): Response {
  const [status, code]: [number, ErrorCode] =
    error instanceof RequestError ? [400, 'BAD_REQUEST'] : [500, 'INTERNAL_SERVER_ERROR']
  return Response.json({ error: { code } }, { status })
}
