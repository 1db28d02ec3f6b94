import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_DIR } from '../../src/stack/programs.ts'
import { BROKEN_BUILDS, edited } from './broken-builds.ts'

test.each(BROKEN_BUILDS)('the source can still be broken as in “$name”: $what', async ({ edits }) => {
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const text = await readFile(path.join(PROJECT_DIR, file), 'utf8')
    expect(edited(file, text, edits)).not.toBe(text)
  }
})

test('what is broken in a function of the books is broken where that was made last', async () => {
  const dir = path.join(PROJECT_DIR, 'src/db/migrations')
  const files = (await readdir(dir)).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(path.join(dir, file), 'utf8')))
  for (const { file, from } of BROKEN_BUILDS.flatMap(({ edits }) => edits)) {
    const at = files.indexOf(path.basename(file))
    const name = /function (\w+)\((?![^]*function )/.exec(texts[at]?.split(from)[0] ?? '')?.[1]
    if (!name) continue
    const madeLast = texts.findLastIndex((text) => text.includes(`function ${name}(`))
    expect(files[madeLast], name).toBe(files[at])
  }
})

test('an edit that does not apply any more is told', () => {
  expect(() => edited('a.ts', 'one two', [{ file: 'a.ts', from: 'three', to: 'four' }])).toThrow('exactly once')
})
