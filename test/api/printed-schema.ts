import { readFileSync } from 'node:fs'

const printed = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8')

/** Each mutation's result, by name, with the refusals among its members. */
export const REFUSING_UNIONS: ReadonlyMap<string, string[]> = new Map(
  [...printed.matchAll(/^union (\w+Result) = (.+)$/gm)].map(([, name = '', members = '']) => [
    name,
    members.split(' | ').filter((member) => !member.endsWith('Payload')),
  ]),
)
