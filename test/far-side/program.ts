import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const SOURCE = join(import.meta.dirname, '../../src')

/** Starts a program of `src/` with just these settings, and waits for the line that says where it listens. */
export async function startProgram(
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(SOURCE, file)], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, url: /http:\/\/\S+/.exec(line.toString())?.[0] ?? '' }
}

/** Runs a program of `src/` to its end: its exit code and what it wrote to stderr. */
export async function runToEnd(file: string, env: NodeJS.ProcessEnv): Promise<{ code: number; errors: string }> {
  const child = spawn(process.execPath, [join(SOURCE, file)], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, errors }
}
