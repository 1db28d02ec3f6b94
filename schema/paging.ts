import type { ArgBuilder } from '@pothos/core'
import { z } from 'zod'
import type { ApiTypes } from './builder.ts'
import { badInput } from './errors.ts'

const DEFAULT_PAGE = 20
const LARGEST_PAGE = 100

type Args = ArgBuilder<PothosSchemaTypes.ExtendDefaultTypes<ApiTypes>>

/** `first` and `after` of every list: bounded pages, forward only. */
export const pageArgs = (t: Args) => ({
  first: t.int({
    required: false,
    defaultValue: DEFAULT_PAGE,
    description: `How many, 1 to ${LARGEST_PAGE}. Errors: BAD_USER_INPUT.`,
  }),
  after: t.string({
    required: false,
    description: 'The cursor to go on behind. Errors: BAD_USER_INPUT (not a cursor of this list).',
  }),
})

/** One page of a keyset: ask for `limit` rows, one more than fits, behind `after`. */
export interface Page<Key> {
  size: number
  limit: number
  after: Key | null
}

/** What a list is ordered by: the key of a row, and its shape inside a cursor. */
export interface Cursor<Row, Key> {
  shape: z.ZodType<Key>
  of: (row: Row) => Key
}

/** An id that is a text, as part of a key: never what PostgreSQL cannot take, a NUL. */
export const idInKey = z.string().regex(/^[\w.:-]{1,120}$/)

// A lone half of a surrogate pair would be another text by the time it is compared.
/** Any other text, as part of a key. */
export const textInKey = z
  .string()
  .max(1_000)
  .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value))

type Given = { first?: number | null | undefined; after?: string | null | undefined }

/** Checks a list's arguments. Throws BAD_USER_INPUT. */
export function pageOf<Row, Key>({ first, after }: Given, cursor: Cursor<Row, Key>): Page<Key> {
  const size = sizeOf(first)
  return { size, limit: size + 1, after: after == null ? null : decode(after, cursor.shape) }
}

/** Checks `first` alone. Throws BAD_USER_INPUT. */
export function sizeOf(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE
  if (size >= 1 && size <= LARGEST_PAGE) return size
  throw badInput('first', 'OUT_OF_RANGE', `A page has 1 to ${LARGEST_PAGE} items.`)
}

/** The rows of `page` as a Relay connection. */
export function connectionOf<Row, Key>(rows: readonly Row[], page: Page<Key>, cursor: Cursor<Row, Key>) {
  const edges = rows.slice(0, page.size).map((node) => ({ node, cursor: encode(cursor.of(node)) }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.size,
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

const encode = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

function decode<Key>(cursor: string, shape: z.ZodType<Key>): Key {
  const parsed = shape.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()))
  if (parsed.success) return parsed.data
  throw badInput('after', 'NOT_A_CURSOR', 'This is not a cursor of this list.')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
