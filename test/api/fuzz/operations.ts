import fc from 'fast-check'
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { type Known, scalarValues } from './values.ts'

export interface FuzzedOperation {
  query: string
  variables: Record<string, unknown>
}

type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T

/** Makes operations of `schema`. Fields that were asked for least are asked for first, so that in time every one is. */
export function operationsOf(schema: GraphQLSchema, known: Known) {
  const scalars = scalarValues(known)
  const valuesFor = (name: string, type: string) =>
    name === 'idempotencyKey'
      ? scalars['UUID']
      : name === 'after' && type === 'String'
        ? scalars['Cursor']
        : (type === 'ID' && scalars[name]) || scalars[type]
  const asked = new Map<string, number>()
  const timesAsked = (name: string): number => asked.get(name) ?? 0
  const rarestBehind = new Map(
    fieldsWithinReach(schema).map(({ name, leadsTo }) => [name, () => Math.min(...leadsTo.map(timesAsked))]),
  )

  function operation(draw: Draw): FuzzedOperation {
    const kind = draw(fc.constantFrom('query', 'query', 'mutation'))
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType()
    if (!root) throw new Error('The schema has no roots.')
    const variables: Record<string, unknown> = {}
    const declared: string[] = []
    let aliases = 0

    function leastAsked<Item>(
      items: Item[],
      nameOf: (item: Item) => string,
      count: number,
      within = timesAsked,
    ): Item[] {
      const ranked = items.map((item) => ({
        item,
        rank: within(nameOf(item)) + draw(fc.integer({ min: 0, max: 3 })),
      }))
      const chosen = ranked.sort((one, other) => one.rank - other.rank).slice(0, count)
      for (const { item } of chosen) asked.set(nameOf(item), (asked.get(nameOf(item)) ?? 0) + 1)
      return chosen.map(({ item }) => item)
    }

    function selections(type: GraphQLCompositeType, depth: number, ofMany = false): string {
      if (isAbstractType(type)) {
        const rarestOf = (name: string) => Math.min(...fieldNames(schema, schema.getType(name) ?? type).map(timesAsked))
        const some = leastAsked(
          [...schema.getPossibleTypes(type)],
          ({ name }) => name,
          draw(fc.constantFrom(1, 2, 4)),
          rarestOf,
        )
        return `{ __typename ${some.map((each) => `... on ${each.name} ${selections(each, depth, true)}`).join(' ')} }`
      }
      const fields = Object.values(type.getFields()).filter(
        (each) => depth > 0 || !isCompositeType(getNamedType(each.type)),
      )
      const count = type === root ? draw(fc.constantFrom(1, 1, 2)) : draw(fc.integer({ min: 1, max: 4 }))
      const nameOf = ({ name }: { name: string }) => `${type.name}.${name}`
      const rarest = (name: string) =>
        Math.min(timesAsked(name), depth > 0 ? (rarestBehind.get(name)?.() ?? Infinity) : Infinity)
      const chosen = leastAsked(fields, nameOf, count, rarest)
      return `{ __typename ${chosen.map((each) => field(each, depth, ofMany)).join(' ')} }`
    }

    function field(it: GraphQLField<unknown, unknown>, depth: number, ofMany: boolean): string {
      const args = it.args.flatMap((arg) => {
        const wanted = isNonNullType(arg.type) && arg.defaultValue === undefined
        return draw(fc.integer({ min: 0, max: 19 })) < (wanted ? 19 : 8) ? [argument(arg)] : []
      })
      const type = getNamedType(it.type)
      // Where types stand side by side, fields of one name and two types would only be a conflict.
      const alias = ofMany ? `f${aliases++}: ` : ''
      const inside = isCompositeType(type) ? selections(type, depth - 1, ofMany) : ''
      return `${alias}${it.name}${args.length ? `(${args.join(', ')})` : ''} ${inside}`
    }

    function argument({ name, type }: GraphQLArgument): string {
      const variable = `v${declared.length}`
      declared.push(`$${variable}: ${String(type)}`)
      if (draw(fc.integer({ min: 0, max: 39 })) > 0) variables[variable] = value(name, type)
      return `${name}: $${variable}`
    }

    function value(name: string, type: GraphQLInputType): unknown {
      if (isNonNullType(type)) return value(name, type.ofType)
      if (isListType(type))
        return draw(fc.array(fc.constant(null), { maxLength: 3 })).map(() => value(name, type.ofType))
      if (isEnumType(type)) {
        const names = type.getValues().map((each) => each.name)
        return draw(fc.constantFrom(...names, ...names, ...names, 'NOPE', names[0]?.toLowerCase(), 1))
      }
      if (isInputObjectType(type)) {
        const given = Object.values(type.getFields()).flatMap((each) => {
          const wanted = isNonNullType(each.type)
          return draw(fc.integer({ min: 0, max: 39 })) < (wanted ? 39 : 20)
            ? [[each.name, value(each.name, each.type)]]
            : []
        })
        return Object.fromEntries(draw(fc.integer({ min: 0, max: 49 })) === 0 ? [...given, ['unknown', 1]] : given)
      }
      const arbitrary = valuesFor(name, type.name)
      if (!arbitrary) throw new Error(`The fuzzer knows no values of scalar ${type.name}.`)
      return draw(arbitrary)
    }

    const body = selections(root, draw(fc.integer({ min: 2, max: 7 })))
    const head = declared.length ? `(${declared.join(', ')})` : ''
    return { query: `${kind} Fuzzed${head} ${body}`, variables }
  }

  return {
    operations: fc.gen().map((draw) => operation((arbitrary) => draw(() => arbitrary))),
    /** Fields that a query or command can reach, and none has asked for yet. */
    unasked: () => [...rarestBehind.keys()].filter((name) => !asked.has(name)),
  }
}

/** Every field that a query or command can reach, and the fields of the type it leads to. */
function fieldsWithinReach(schema: GraphQLSchema): { name: string; leadsTo: string[] }[] {
  const reached = new Set<GraphQLNamedType>()
  const found: { name: string; leadsTo: string[] }[] = []
  function reach(type: GraphQLNamedType | null | undefined): void {
    if (!isCompositeType(type) || reached.has(type)) return
    reached.add(type)
    if (isAbstractType(type)) return schema.getPossibleTypes(type).forEach(reach)
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type)
      found.push({ name: `${type.name}.${field.name}`, leadsTo: fieldNames(schema, target) })
      reach(target)
    }
  }
  reach(schema.getQueryType())
  reach(schema.getMutationType())
  return found
}

function fieldNames(schema: GraphQLSchema, type: GraphQLNamedType): string[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type).flatMap((each) => fieldNames(schema, each))
  return isObjectType(type) ? Object.keys(type.getFields()).map((each) => `${type.name}.${each}`) : []
}
