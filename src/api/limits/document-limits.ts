import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import type { ASTVisitor, ParseOptions, Source, ValidationContext } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ApiContext } from '../../../schema/context.ts'
import { codedGraphqlError } from '../coded-error.ts'
import type { ErrorCode } from '../error-codes.ts'

/**
 * What a document may be, however little it would cost. All of GraphiQL's story together has some 620 tokens, a matter page 150;
 * screens go 7 levels deep. The schema's own introspection is bounded by graphql-js.
 */
export const DOCUMENT_LIMITS = { tokens: 2_000, depth: 15, aliases: 30, directives: 30 } as const

/** Refuses documents that are too long, too deep, or have too many aliases or directives, before anything is executed. */
export const documentLimits: Plugin<ApiContext> = {
  onParse({ parseFn, setParseFn }) {
    setParseFn((source: Source, options?: ParseOptions) =>
      parseFn(source, { ...options, maxTokens: DOCUMENT_LIMITS.tokens }),
    )
  },
  onValidate({ addValidationRule }) {
    const { depth, aliases, directives } = DOCUMENT_LIMITS
    addValidationRule(
      maxDepthRule({ n: depth, flattenFragments: true, ...refusing('QUERY_TOO_DEEP', 'levels', depth) }),
    )
    addValidationRule(maxAliasesRule({ n: aliases, ...refusing('TOO_MANY_ALIASES', 'aliases', aliases) }))
    addValidationRule(
      maxDirectivesRule({ n: directives, ...refusing('TOO_MANY_DIRECTIVES', 'directives', directives) }),
    )
  },
}

/** Refuses to tell the schema. */
export const noIntrospection: Plugin<ApiContext> = {
  onValidate({ addValidationRule }) {
    addValidationRule(noIntrospectionRule)
  },
}

const noIntrospectionRule = (context: ValidationContext): ASTVisitor => ({
  Field(node) {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return
    const message = 'The schema is not told here: read the schema.graphql of this release.'
    context.reportError(codedGraphqlError('INTROSPECTION_DISABLED', message, { nodes: node }))
  },
})

function refusing(code: ErrorCode, what: string, limit: number) {
  const refusal = codedGraphqlError(code, `A document has at most ${limit} ${what}.`, { facts: { limit } })
  return {
    onReject: [(context: ValidationContext | null) => context?.reportError(refusal)],
    propagateOnRejection: false,
  }
}
