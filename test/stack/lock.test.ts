import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, test } from 'vitest'
import { lockDataDir } from '../../src/stack/lock.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'

test('a second stack on the same data folder is refused, naming the folder and the pid that holds it', async () => {
  const dir = temporaryFolder()
  const lock = await lockDataDir(dir)
  await expect(lockDataDir(dir)).rejects.toThrow(
    `The data folder ${dir} is in use by another stack (pid ${process.pid})`,
  )
  await lock.release()
  await (await lockDataDir(dir)).release()
})

test('a holder that was killed holds nothing', async () => {
  const dir = temporaryFolder()
  const holder = spawn(process.execPath, [path.join(import.meta.dirname, 'fixtures', 'hold-lock.ts'), dir])
  await once(holder.stdout, 'data')
  await expect(lockDataDir(dir)).rejects.toThrow(`(pid ${holder.pid})`)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await (await lockDataDir(dir)).release()
})
