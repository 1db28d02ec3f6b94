import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ERROR_CODES } from '../../src/api/error-codes.ts'

test('every code that an error can carry is explained, and no other', async () => {
  const text = await readFile(path.join(import.meta.dirname, '..', '..', 'docs', 'api-errors.md'), 'utf8')
  const explained = [...text.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, code = '']) => code)
  expect(new Set(explained)).toEqual(new Set(ERROR_CODES))
})
