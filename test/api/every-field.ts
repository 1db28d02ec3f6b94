import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

/** An operation that asks for one field of the schema, by a short way from a root. */
export interface FieldOperation {
  /** `Type.field` */
  name: string
  document: string
  operation: 'query' | 'mutation' | 'subscription'
  /** The root field it begins with: a mutation's names the input it takes as `$input`. */
  root: string
}

interface Known {
  /** A literal for every argument that is to be given, by `name: Type`; all that are required must be. */
  args: Record<string, string>
  /** The global id of one thing of each type that has ids: such types are asked for by it. */
  ids: Record<string, string>
}

type Field = GraphQLField<unknown, unknown>
type Way = Pick<FieldOperation, 'operation' | 'root'> & { select(selection: string): string }

/** One operation for every field of every object type, and the types to which no way leads. Throws when something is not known. */
export function everyField(schema: GraphQLSchema, { args, ids }: Known) {
  const ways = new Map<string, Way>()
  const queue: GraphQLObjectType[] = []

  function call(field: Field): string {
    const texts = field.args
      .map((arg) => ({
        ...arg,
        literal: arg.name === 'input' ? '$input' : args[`${arg.name}: ${getNamedType(arg.type).name}`],
      }))
      .filter((arg) => isRequiredArgument(arg) || arg.literal)
      .map(({ name, literal = missing(`the argument ${name}`) }) => `${name}: ${literal}`)
    return texts.length > 0 ? `${field.name}(${texts.join(', ')})` : field.name
  }

  /** Whatever `field` answers with, behind `way`, is reached unless something nearer has reached it. */
  function follow(field: Field, way: Way): void {
    const type = getNamedType(field.type)
    if (!isCompositeType(type)) return
    for (const next of isObjectType(type) ? [type] : isAbstractType(type) ? schema.getPossibleTypes(type) : []) {
      if (ways.has(next.name)) continue
      const on = (selection: string) => (next === type ? selection : `__typename ... on ${next.name} { ${selection} }`)
      ways.set(next.name, { ...way, select: (selection) => way.select(`{ ${on(selection)} }`) })
      queue.push(next)
    }
  }

  function followAll(): void {
    for (let type = queue.shift(); type; type = queue.shift()) {
      const { select, ...way } = ways.get(type.name) as Way
      for (const field of Object.values(type.getFields())) {
        follow(field, { ...way, select: (selection) => select(`${call(field)} ${selection}`) })
      }
    }
  }

  for (const [type, id] of Object.entries(ids)) {
    const select = (selection: string) => `query { node(id: "${id}") { __typename ... on ${type} { ${selection} } } }`
    ways.set(type, { operation: 'query', root: 'node', select })
    queue.push(schema.getType(type) as GraphQLObjectType)
  }
  followAll()

  const operations: FieldOperation[] = []
  const add = (type: GraphQLObjectType, field: Field, { select, ...way }: Way, selection = '{ __typename }') => {
    const asked = isCompositeType(getNamedType(field.type)) ? selection : ''
    operations.push({ ...way, name: `${type.name}.${field.name}`, document: select(asked) })
  }
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  for (const [index, operation] of (['query', 'mutation', 'subscription'] as const).entries()) {
    const type = roots[index] as GraphQLObjectType
    for (const field of Object.values(type.getFields())) {
      const input = field.args.find(({ name }) => name === 'input')
      const head = input ? `${operation} ($input: ${String(input.type)})` : operation
      const way: Way = { operation, root: field.name, select: (selection) => `${head} { ${call(field)} ${selection} }` }
      add(type, field, way)
      follow(field, way)
    }
    followAll()
  }

  const unreachable: string[] = []
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || roots.includes(type)) continue
    const known = ways.get(type.name)
    if (!known) {
      unreachable.push(type.name)
      continue
    }
    const { select, ...way } = known
    for (const field of Object.values(type.getFields())) {
      add(type, field, { ...way, select: (selection) => select(`${call(field)} ${selection}`) })
    }
  }
  return { operations, unreachable }
}

function missing(what: string): never {
  throw new Error(`Not known: ${what}.`)
}
