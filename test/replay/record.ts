// `npm run histories:record`: lives every life of the suites with today's code and keeps their histories as those of this version.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { RELEASED } from './released.ts'

/** The tests whose lives are kept: together they go down every path of the workflows. */
const LIVES = ['test/scenarios/', 'test/lifecycle/', 'test/replay/continue-as-new.test.ts']

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
const kept = path.join(RELEASED, version)
if (existsSync(kept)) {
  console.error(
    `Version ${version} has its histories, and what was released does not change. Raise the version in package.json first, or, where it was never released, delete ${path.relative('.', kept)}.`,
  )
  process.exit(1)
}

const folder = await mkdtemp(path.join(tmpdir(), 'histories-'))
// Ctrl-C ends the tests, and this after them.
process.on('SIGINT', () => undefined)
try {
  const vitest = path.join('node_modules', 'vitest', 'vitest.mjs')
  const env = { ...process.env, RECORD_HISTORIES_TO: folder }
  const slowly = ['--testTimeout=300000', '--hookTimeout=300000']
  const child = spawn(process.execPath, [vitest, 'run', ...slowly, ...LIVES], { env, stdio: 'inherit' })
  const [code] = await once(child, 'close')
  if (code === 0) {
    await mkdir(kept, { recursive: true })
    await cp(folder, kept, { recursive: true })
    console.log(`The histories of version ${version} are in ${path.relative('.', kept)}. Commit them with the release.`)
  } else {
    console.error('Nothing was kept: a history is worth keeping when its test passes.')
    process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
