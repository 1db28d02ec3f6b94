// Started by watchdog.ts with the folder of pid files and the folders to remove: waits until its standard input closes.
import { rm } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { endNoted } from './pid-files.ts'

const [runDir, ...removeDirs] = process.argv.slice(2)
if (runDir === undefined) throw new Error('usage: watchdog-main.ts <folder of pid files> [folders to remove]')

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const farewell = await text(process.stdin).catch(() => '')
if (farewell !== 'released') {
  await endNoted(runDir)
  for (const dir of removeDirs) await rm(dir, { recursive: true, force: true })
}
