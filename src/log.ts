import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

interface LoggedError {
  type: string
  code?: string
  at?: string[]
  cause?: LoggedError
}

/**
 * A process's log: JSON lines on standard output, or into `destination`. Log lines carry ids, codes and counts, never a name,
 * an address or a payment link's token; so there is nothing to redact.
 */
export function createLogger(
  name: string,
  { level = 'info', destination }: { level?: string; destination?: DestinationStream } = {},
): Logger {
  return pino({ name, level, base: { name }, serializers: { err: loggedError } }, destination)
}

/** What of an error may be written down. Not its message: databases and providers quote in it what they were given. */
function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code } = error as { code?: unknown }
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '))
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(frames && { at: frames.slice(0, 8).map((line) => line.trim()) }),
    ...(error.cause !== undefined && { cause: loggedError(error.cause) }),
  }
}
