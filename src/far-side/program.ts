import { z } from 'zod'

/**
 * Runs one of the stand-ins as a program: parses the environment by `schema` (a mistake is printed by the variable's name
 * and ends it with code 1), starts it, says where it is, and closes it on SIGINT or SIGTERM.
 */
export async function runProgram<T>(
  name: string,
  schema: z.ZodType<T>,
  start: (env: T) => Promise<{ url: string; close: () => Promise<void> }>,
): Promise<void> {
  const env = schema.safeParse(process.env)
  if (!env.success) {
    console.error(`${name}: the environment is not usable\n${z.prettifyError(env.error)}`)
    process.exitCode = 1
    return
  }
  const running = await start(env.data)
  console.log(`${name} listens on ${running.url}`)
  const stop = () => void running.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** A TCP port in an environment variable, with a default. */
export const portVariable = (byDefault: number) => z.coerce.number().int().min(0).max(65535).default(byDefault)
