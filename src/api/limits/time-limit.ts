import type { ExecutionArgs } from 'graphql'
import { getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ApiContext } from '../../../schema/context.ts'
import { codedGraphqlError } from '../coded-error.ts'

/** Above the longest that one statement, or the workflow, may take; below what proxies commonly wait for. */
export const QUERY_WITHIN_MS = 20_000

/** Ends a query that takes longer than `queryWithinMs`. Commands end by their own deadline, which tells whether they were answered. */
export const timeLimit = (queryWithinMs: number): Plugin<ApiContext> => ({
  onExecute({ args, executeFn, setExecuteFn }) {
    if (getOperationAST(args.document, args.operationName)?.operation !== 'query') return
    setExecuteFn(async (given: ExecutionArgs) => {
      // Yoga's executor takes a signal, and asks for nothing more once it is aborted.
      const signal = AbortSignal.timeout(queryWithinMs)
      try {
        const inTime: ExecutionArgs & { signal: AbortSignal } = { ...given, signal }
        return await executeFn(inTime)
      } catch (error) {
        if (!signal.aborted) throw error
        const message = 'The answer took too long and was given up: ask for less at once.'
        return { errors: [codedGraphqlError('TIMED_OUT', message, { status: 503 })] }
      }
    })
  },
})
