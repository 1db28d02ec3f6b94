/** Of sockets and name resolution. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
/**
 * Of PostgreSQL: the connection, its resources, shutting down, not taking connections, and transactions that another one or the
 * clock ended. All pass, and nothing of the transaction remains.
 */
const DATABASE = /^(08...|53...|57P0[1-5]|55000|55P03|40001|40P01|25P0[34])$/
const STATEMENT_CANCELLED = '57014'
/** Of gRPC: cancelled, too late, exhausted, aborted, unavailable. */
const ENGINE = new Set([1, 4, 8, 10, 14])
/** `pg` and Kysely give these no code. */
const WITHOUT_CODE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)|Query read timeout|Cannot use a pool after|driver has already been destroyed)/

/** Whether `error` says that PostgreSQL or Temporal was away or overloaded: it passes, and asking again is right. */
export function isOutage(error: unknown): boolean {
  return chain(error).some(({ code, message }) =>
    typeof code === 'string'
      ? NETWORK.has(code) || DATABASE.test(code)
      : typeof code === 'number'
        ? ENGINE.has(code)
        : WITHOUT_CODE.test(message),
  )
}

/** Whether PostgreSQL ended a statement because it took too long. */
export function isStatementTimeout(error: unknown): boolean {
  return chain(error).some(({ code }) => code === STATEMENT_CANCELLED)
}

type Link = Error & { code?: unknown }

function chain(error: unknown): Link[] {
  if (!(error instanceof Error)) return []
  const parts = error instanceof AggregateError ? error.errors.flatMap(chain) : []
  return [error, ...parts, ...chain(error.cause)]
}
