import { closest, distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { scenarioSchema } from '../format/scenario.ts'

/** Where in the file, as keys and indexes. */
export type Path = readonly PropertyKey[]

export interface Mistake {
  path: Path
  /** A key of the value at `path` that the mistake is about. */
  key?: string
  message: string
}

/** What is wrong with a file's form, as sentences about places in it. */
export function mistakesOf(error: z.ZodError): Mistake[] {
  return error.issues.flatMap((issue) => flattened(issue)).flatMap(sentences)
}

type Issue = z.core.$ZodIssue

/** Of a choice of forms, the one that was meant: it has the right shape, if not the right content. */
function flattened(issue: Issue, above: Path = []): Issue[] {
  const path = [...above, ...issue.path]
  if (issue.code !== 'invalid_union') return [{ ...issue, path }]
  const meant = issue.errors.find((issues) => !issues.some(isOfAnotherShape))
  return meant?.flatMap((inner) => flattened(inner, path)) ?? [{ ...issue, path }]
}

const isOfAnotherShape = ({ code, path }: Issue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')

function sentences(issue: Issue): Mistake[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path)
    return issue.keys.map((key) => ({ path, key, message: `'${key}' is not known here${suggestion(key, known)}` }))
  }
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String)
    const said = typeof issue.input === 'string' ? `'${issue.input}'` : 'this'
    const near = suggestion(String(issue.input), known)
    return [{ path, message: `${said} is not known here${near || `; known are: ${known.join(', ')}`}` }]
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [{ path: path.slice(0, -1), message: `'${String(path.at(-1))}' is missing` }]
  }
  if (issue.code === 'invalid_type')
    return [{ path, message: `this is no ${SHAPES[issue.expected] ?? issue.expected}` }]
  return [{ path, message: issue.message }]
}

const SHAPES: Record<string, string> = { string: 'text or number', object: 'set of keys with values', array: 'list' }

/** The most that a slip of the keyboard changes. */
const SLIP = 3

/** What was probably meant by `word`, as the end of a sentence; nothing where nothing is near. */
export function suggestion(word: string, known: string[]): string {
  if (known.length === 0) return ''
  const nearest = closest(word, known)
  return distance(word, nearest) <= SLIP ? `; did you mean '${nearest}'?` : ''
}

type Schema = z.core.JSONSchema.JSONSchema

/** The keys that the form has at `path`. */
function keysAt(path: Path): string[] {
  let places: Schema[] = [scenarioSchema()]
  for (const step of path) {
    places = places.flatMap(choices).flatMap(({ items, properties, additionalProperties }) => {
      const inner = typeof step === 'number' ? items : (properties?.[String(step)] ?? additionalProperties)
      return typeof inner === 'object' && !Array.isArray(inner) ? [inner] : []
    })
  }
  return places
    .flatMap(choices)
    .flatMap(({ properties, propertyNames }) => [
      ...Object.keys(properties ?? {}),
      ...(typeof propertyNames === 'object' ? (propertyNames.enum ?? []).map(String) : []),
    ])
}

const choices = (schema: Schema): Schema[] => schema.anyOf?.flatMap((each) => choices(each)) ?? [schema]
