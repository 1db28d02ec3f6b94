// `node schema/print.ts` writes schema.graphql; with `--check` it only says whether it is up to date.
import { readFile, writeFile } from 'node:fs/promises'
import { printSchema } from 'graphql'
import { schema } from './index.ts'

const file = new URL('./schema.graphql', import.meta.url)
const printed = `${printSchema(schema)}\n`

if (!process.argv.includes('--check')) {
  await writeFile(file, printed)
} else if ((await readFile(file, 'utf8')) !== printed) {
  console.error('schema/schema.graphql is out of date: run `node schema/print.ts` and commit it.')
  process.exitCode = 1
}
