/** PostgreSQL's SQLSTATE, or the system's error code, of whatever a query threw. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no code'
}
