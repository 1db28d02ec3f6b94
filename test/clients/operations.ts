import { readFileSync } from 'node:fs'
import { type DocumentNode, parse, print, separateOperations } from 'graphql'

/** The story's operations as their file has them. */
export const STORY_TEXT = readFileSync(new URL('./story.graphql', import.meta.url), 'utf8')

const documents = separateOperations(parse(STORY_TEXT))

/** Each operation by its name, with the fragments it needs. */
export function operation(name: string): { document: DocumentNode; text: string } {
  const document = documents[name]
  if (!document) throw new Error(`The story has no operation ${name}.`)
  return { document, text: print(document) }
}
