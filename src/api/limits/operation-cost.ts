import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'

/** What a list without `first` is taken to hold. */
const UNPAGED_LIST = 5
const LARGEST_PAGE = 100
/** Fields that are more work than reading an object: a question to the workflow, a sum over entries, a command. */
const WEIGHTS: Readonly<Record<string, number>> = { 'Retainer.liveState': 50, 'Retainer.statement': 20 }
const COMMAND_WEIGHT = 500
/** Far above every limit, and far below where numbers stop being exact. */
const CEILING = 1e12

export interface Operation {
  schema: GraphQLSchema
  operation: OperationDefinitionNode
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: Readonly<Record<string, unknown>>
}

/** How much work an operation can be, and how many fields stand at its root. */
export interface OperationCost {
  /** Objects in its answer at most, if every page is full. */
  cost: number
  rootFields: number
}

/**
 * Reckons an operation that was found valid. An object costs 1, what is inside a list as often as its page is large, and scalars
 * nothing. `@skip` and `@include` are taken as not there: what is reckoned is the most that it can be.
 */
export function operationCost({ schema, operation, fragments, variables }: Operation): OperationCost {
  // By its name: a document whose fragments spread each other twice is reckoned in the time it takes to read it.
  const ofFragment = new Map<string, OperationCost>()

  function ofSelections({ selections }: SelectionSetNode, parent: GraphQLCompositeType): OperationCost {
    const sum = { cost: 0, rootFields: 0 }
    for (const selection of selections) {
      const part =
        selection.kind === Kind.FIELD
          ? { cost: ofField(selection, parent), rootFields: 1 }
          : selection.kind === Kind.INLINE_FRAGMENT
            ? ofSelections(selection.selectionSet, typeOf(selection.typeCondition?.name.value) ?? parent)
            : ofSpread(selection.name.value, parent)
      sum.cost = Math.min(sum.cost + part.cost, CEILING)
      sum.rootFields = Math.min(sum.rootFields + part.rootFields, CEILING)
    }
    return sum
  }

  function ofSpread(name: string, parent: GraphQLCompositeType): OperationCost {
    const fragment = fragments.get(name)
    const known = ofFragment.get(name)
    if (known || !fragment) return known ?? { cost: 0, rootFields: 0 }
    const cost = ofSelections(fragment.selectionSet, typeOf(fragment.typeCondition.name.value) ?? parent)
    ofFragment.set(name, cost)
    return cost
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType): number {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
    // `__typename`, and the schema itself, which graphql-js bounds.
    if (!field) return 0
    const weight = parent === schema.getMutationType() ? COMMAND_WEIGHT : WEIGHTS[`${parent.name}.${field.name}`]
    const type = getNamedType(field.type)
    if (!isCompositeType(type) || !node.selectionSet) return weight ?? 0
    const inside = (weight ?? 1) + ofSelections(node.selectionSet, type).cost
    return Math.min(times(node, field, parent) * inside, CEILING)
  }

  function times(node: FieldNode, field: GraphQLField<unknown, unknown>, parent: GraphQLCompositeType): number {
    if (field.args.some(({ name }) => name === 'first')) return pageSize(node, field)
    // The connection has been multiplied already.
    if (!isList(field) || parent.name.endsWith('Connection')) return 1
    return UNPAGED_LIST
  }

  function pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value
    const byDefault: unknown = field.args.find(({ name }) => name === 'first')?.defaultValue
    const size = given === undefined ? byDefault : (valueOf(given) ?? byDefault)
    // What is no page's size is refused where the page is read.
    return typeof size === 'number' && size >= 1 && size <= LARGEST_PAGE ? size : LARGEST_PAGE
  }

  /** Variables as they were sent: anything can stand there. */
  function valueOf(given: ValueNode): unknown {
    if (given.kind === Kind.INT) return Number(given.value)
    if (given.kind !== Kind.VARIABLE) return undefined
    const declared = operation.variableDefinitions?.find(({ variable }) => variable.name.value === given.name.value)
    return variables[given.name.value] ?? (declared?.defaultValue && valueOf(declared.defaultValue))
  }

  const typeOf = (name: string | undefined): GraphQLCompositeType | undefined => {
    const type = name === undefined ? undefined : schema.getType(name)
    return isCompositeType(type) ? type : undefined
  }

  const root = schema.getRootType(operation.operation)
  return root ? ofSelections(operation.selectionSet, root) : { cost: 0, rootFields: 0 }
}

function isList({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}
