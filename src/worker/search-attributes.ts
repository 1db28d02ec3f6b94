import { type Connection, isGrpcServiceError } from '@temporalio/client'
import proto from '@temporalio/proto'
import { searchAttributes } from '../../workflows/contract.ts'

const { IndexedValueType } = proto.temporal.api.enums.v1
/** gRPC: PERMISSION_DENIED, UNIMPLEMENTED. */
const NO_ANSWER = new Set<number>([7, 12])
const TYPES = {
  KEYWORD: { code: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, word: 'Keyword' },
  BOOL: { code: IndexedValueType.INDEXED_VALUE_TYPE_BOOL, word: 'Bool' },
}

const ALL = Object.values(searchAttributes)

/** Registers the workflow's search attributes with the Temporal server; those it has already are left alone. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const registered = await registeredOnes(connection, namespace)
  const missing = ALL.filter(({ name }) => !registered?.has(name))
  if (missing.length === 0) return
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type].code])),
  })
}

/** What is wrong with the search attributes of the namespace, as sentences that say what to run. */
export async function searchAttributeProblems(connection: Connection, namespace: string): Promise<string[]> {
  const registered = await registeredOnes(connection, namespace)
  if (!registered) return []
  const missing = ALL.filter(({ name }) => !registered.has(name)).map(({ name }) => name)
  const mistyped = ALL.filter(({ name, type }) => registered.has(name) && registered.get(name) !== TYPES[type].code)
  return [
    ...(missing.length === 0
      ? []
      : [
          `Namespace ${namespace} lacks the search attributes ${missing.join(', ')}: run "npm run prepare:neighbours" against it, then start again.`,
        ]),
    ...mistyped.map(
      ({ name, type }) =>
        `Search attribute ${name} of namespace ${namespace} is not of the type ${TYPES[type].word}: remove it ("temporal operator search-attribute remove --namespace ${namespace} --name ${name}"), then run "npm run prepare:neighbours".`,
    ),
  ]
}

/** Types by name; undefined where the server will not say: the time-skipping test server cannot, a cloud may not let us ask. */
async function registeredOnes(connection: Connection, namespace: string): Promise<Map<string, number> | undefined> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
    return new Map(Object.entries(customAttributes))
  } catch (error) {
    if (isGrpcServiceError(error) && NO_ANSWER.has(error.code)) return undefined
    throw error
  }
}
