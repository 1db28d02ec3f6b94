import { type ExecutionArgs, type FragmentDefinitionNode, type GraphQLError, getOperationAST, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ApiContext } from '../../../schema/context.ts'
import { codedGraphqlError } from '../coded-error.ts'
import { operationCost } from './operation-cost.ts'
import type { RateLimits } from './rate-limits.ts'

/** A page of 50 matters with everything that a list shows costs some 2,000; a hundred pages of a hundred are far over it. */
export const MAX_COST = 10_000

export const TOO_OFTEN = 'You ask too often. Nothing was done; come again later.'

/** Refuses operations that could be too much work, and askers who ask too often: streams, queries and commands alike. */
export function operationLimits(limits: Pick<RateLimits, 'queries' | 'commands'>): Plugin<ApiContext> {
  async function refusalOf(args: ExecutionArgs): Promise<GraphQLError | null> {
    const { schema, document, operationName, variableValues, contextValue } = args
    const operation = getOperationAST(document, operationName)
    // It is told so by whoever executes it.
    if (!operation) return null
    const fragments = new Map<string, FragmentDefinitionNode>()
    for (const each of document.definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)
    }
    const { cost, rootFields } = operationCost({ schema, operation, fragments, variables: variableValues ?? {} })
    if (cost > MAX_COST) {
      const message = `An operation may cost ${MAX_COST}; this one costs ${cost}: ask for smaller pages or fewer lists inside lists.`
      return codedGraphqlError('QUERY_TOO_COSTLY', message, { status: 400, facts: { limit: MAX_COST, cost } })
    }
    const isCommand = operation.operation === 'mutation'
    const retryAfterS = await (isCommand
      ? limits.commands.spend(askerOf(contextValue as ApiContext), rootFields)
      : limits.queries.spend(askerOf(contextValue as ApiContext)))
    return retryAfterS === null ? null : tooOften(retryAfterS)
  }

  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const refusal = await refusalOf(args)
      if (refusal) setResultAndStopExecution({ errors: [refusal] })
    },
    async onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = await refusalOf(args)
      if (refusal) setResultAndStopExecution({ errors: [refusal] })
    },
  }
}

/** One person in one firm, whatever tokens they have. */
export const askerOf = ({ viewer }: Pick<ApiContext, 'viewer'>): string =>
  viewer ? `${viewer.firmId} ${viewer.subject}` : ''

const tooOften = (retryAfterS: number): GraphQLError =>
  codedGraphqlError('RATE_LIMITED', TOO_OFTEN, {
    status: 429,
    headers: { 'retry-after': String(retryAfterS) },
    facts: { retryAfterS },
  })
