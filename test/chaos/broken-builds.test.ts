import { readFile } from 'node:fs/promises'
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

test('an edit that does not apply any more is told', () => {
  expect(() => edited('a.ts', 'one two', [{ file: 'a.ts', from: 'three', to: 'four' }])).toThrow('exactly once')
})
