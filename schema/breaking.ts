// `node schema/breaking.ts` says how schema.graphql would break clients of released.graphql, but for what breaking-changes.json
// declares. At a release, schema.graphql is copied over released.graphql and the list is emptied.
import { readFile } from 'node:fs/promises'
import { buildSchema, findBreakingChanges } from 'graphql'
import { z } from 'zod'

/** Breaking changes that are meant: each in graphql's words, with the reason that clients can be told. */
const declaredChanges = z.array(z.strictObject({ change: z.string().min(1), reason: z.string().min(1) }))

interface Schemas {
  /** The schema that clients have, in SDL. */
  released: string
  /** The schema that they would get, in SDL. */
  current: string
  /** The text of `breaking-changes.json`. */
  declared: string
}

/**
 * What is wrong, one sentence each: a breaking change that is not declared, or a declared one that is not there. New members of
 * unions and enums break nobody: clients are told to expect them. @throws when one of the texts is not of its form
 */
export function undeclaredBreaks({ released, current, declared }: Schemas): string[] {
  const found = findBreakingChanges(buildSchema(released), buildSchema(current)).map(({ description }) => description)
  const meant = declaredChanges.parse(JSON.parse(declared)).map(({ change }) => change)
  return [
    ...found.filter((change) => !meant.includes(change)).map((change) => `Breaks clients: ${change}`),
    ...meant.filter((change) => !found.includes(change)).map((change) => `Declared, but not so: ${change}`),
  ]
}

if (import.meta.main) {
  const textOf = (name: string) => readFile(new URL(name, import.meta.url), 'utf8')
  const [released, current, declared] = await Promise.all([
    textOf('./released.graphql'),
    textOf('./schema.graphql'),
    textOf('./breaking-changes.json'),
  ])
  const problems = undeclaredBreaks({ released, current, declared })
  if (problems.length > 0) {
    console.error(`${problems.join('\n')}\nUndo it, or declare it with its reason in schema/breaking-changes.json.`)
    process.exitCode = 1
  }
}
