import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { patchedSpec, type Spec } from './spec.ts'

const GO = 'go'
const MODULE = 'github.com/stripe/stripe-mock'
const VERSION = 'v0.203.0'
const FILES = ['spec3.json', 'fixtures3.json']

const run = promisify(execFile)

/** Whether stripe-mock can be had here: it takes Go to build it. In CI it must be possible. */
export function hasGo(): boolean {
  try {
    execFileSync(GO, ['version'], { stdio: 'ignore' })
    return true
  } catch {
    if (process.env['CI'] === 'true')
      throw new Error('CI needs Go: the contract with Stripe is checked by stripe-mock.')
    return false
  }
}

function cacheDir(): string {
  const base = process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache')
  return path.join(base, 'retainer-automation', `stripe-mock-${VERSION}`)
}

// Built once per machine. What is in the folder is complete: it gets its name when it is.
async function built(): Promise<string> {
  const dir = cacheDir()
  if (existsSync(dir)) return dir
  await mkdir(path.dirname(dir), { recursive: true })
  const draft = await mkdtemp(`${dir}-`)
  try {
    await run(GO, ['install', `${MODULE}@${VERSION}`], { env: { ...process.env, GOBIN: draft } })
    const { stdout } = await run(GO, ['mod', 'download', '-json', `${MODULE}@${VERSION}`])
    const { Dir } = JSON.parse(stdout) as { Dir: string }
    for (const file of FILES) await copyFile(path.join(Dir, 'embedded/openapi', file), path.join(draft, file))
    await rename(draft, dir).catch((error: unknown) => {
      // Another process was faster, and has built the same.
      if (!existsSync(dir)) throw error
    })
    return dir
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Stripe's OpenAPI description as stripe-mock has it, patched to the version of the API that is spoken here. */
export async function stripeSpec(): Promise<Spec> {
  return patchedSpec(JSON.parse(await readFile(path.join(await built(), 'spec3.json'), 'utf8')))
}

/** A running stripe-mock with the patched description: it refuses requests that Stripe would not understand. */
export interface StripeMock {
  url: string
  close: () => Promise<void>
}

/** Starts stripe-mock on a free port; building it the first time takes a minute. */
export async function startStripeMock(spec: Spec): Promise<StripeMock> {
  const dir = await built()
  const folder = await mkdtemp(path.join(tmpdir(), 'stripe-mock-'))
  const specPath = path.join(folder, 'spec.json')
  await writeFile(specPath, JSON.stringify(spec))
  const files = ['-spec', specPath, '-fixtures', path.join(dir, 'fixtures3.json')]
  // Without an address of its own the HTTPS side would listen to the whole network.
  const addresses = ['-http-addr', '127.0.0.1:', '-https-addr', '127.0.0.1:']
  const args = [...addresses, '-strict-version-check', ...files]
  const child = spawn(path.join(dir, 'stripe-mock'), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const close = async () => {
    child.kill()
    await rm(folder, { recursive: true })
  }
  try {
    return { url: await addressOf(child), close }
  } catch (error) {
    await close()
    throw error
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const port = /Listening for HTTP at address: \S*:(\d+)/.exec(output)?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`stripe-mock ended before it listened:\n${output}`)))
  })
}
