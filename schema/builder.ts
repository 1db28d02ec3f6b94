import SchemaBuilder from '@pothos/core'
import DataloaderPlugin from '@pothos/plugin-dataloader'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import ValidationPlugin from '@pothos/plugin-validation'
import { isObjectType } from 'graphql'
import type { CurrencyCode } from '../src/domain/money.ts'
import type { ApiContext, Role } from './context.ts'
import { badInput, forbidden, unauthenticated } from './errors.ts'

export interface ApiTypes {
  Context: ApiContext
  DefaultFieldNullability: false
  DefaultInputFieldRequiredness: true
  DefaultEdgesNullability: false
  DefaultNodeNullability: false
  AuthScopes: { reader: boolean; biller: boolean; admin: boolean }
  Scalars: {
    ID: { Input: string; Output: string }
    Decimal: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    Date: { Input: string; Output: string }
  }
  Objects: { Money: { amountMinor: bigint; currency: CurrencyCode } }
}

export const builder = new SchemaBuilder<ApiTypes>({
  plugins: [ScopeAuthPlugin, RelayPlugin, ValidationPlugin, DataloaderPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  relay: {
    nodeTypeOptions: { description: 'Anything with an id of its own that can be asked for again by `node`.' },
    idFieldOptions: { description: 'A global id: opaque, and never another thing’s.' },
    nodeQueryOptions: {
      authScopes: { reader: true },
      description: 'Whatever has this id; null when the firm has no such thing. Errors: BAD_USER_INPUT (not an id).',
      args: { id: { description: 'A global id.' } },
      resolve: (_root, { id }, _context, info, load) => {
        const type = info.schema.getType(id.typename)
        const isNode = isObjectType(type) && type.getInterfaces().some((known) => known.name === 'Node')
        return isNode ? load(id) : null
      },
    },
    nodesQueryOptions: false,
    pageInfoTypeOptions: { description: 'Where a page stands in its list. Pages go forward only.' },
    hasNextPageFieldOptions: { description: 'Whether more follow: ask again with `after: endCursor`.' },
    hasPreviousPageFieldOptions: { description: 'Whether this page was asked for with `after`.' },
    startCursorFieldOptions: { description: 'Cursor of the first edge; null on an empty page.' },
    endCursorFieldOptions: { description: 'Cursor of the last edge; null on an empty page.' },
    pageInfoFieldOptions: { description: 'Where this page stands in the list.' },
    edgesFieldOptions: { description: 'The page’s items, each with its cursor.', nullable: false },
    nodeFieldOptions: { description: 'The item.', nullable: false },
    cursorFieldOptions: { description: 'Opaque: pass it as `after` to go on behind this item.' },
    nodesOnConnection: { description: 'The page’s items without their cursors.' },
  },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({
      reader: holds(viewer?.roles, 'READER', 'BILLER', 'ADMIN'),
      biller: holds(viewer?.roles, 'BILLER', 'ADMIN'),
      admin: holds(viewer?.roles, 'ADMIN'),
    }),
    unauthorizedError: (_parent, { viewer }) => (viewer ? forbidden() : unauthenticated()),
  },
  validation: {
    validationError: ({ issues }) => {
      const [issue] = issues
      const path = (issue?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
      const field = (path[0] === 'input' ? path.slice(1) : path).join('.')
      return badInput(field, 'NOT_ACCEPTABLE', `${field} ${issue?.message ?? 'is not acceptable'}.`)
    },
  },
})

const holds = (roles: Role[] | undefined, ...wanted: Role[]): boolean => !!roles?.some((role) => wanted.includes(role))

// What is reached from here needs a role, whatever its fields declare.
builder.queryType({
  description: 'Reads of the token’s firm. Each says the role it takes.',
  authScopes: { reader: true },
})
builder.mutationType({
  description:
    'Commands. Each takes one `input` with an idempotency key: the same key with the same input answers the same, so repeating is safe. ' +
    'What a rule forbids is a member of the result’s union. Each says the role it takes. ' +
    'Errors: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, and COMMAND_UNANSWERED (the matter did not answer in time; repeat with the same key).',
  authScopes: { biller: true },
})
builder.subscriptionType({
  description: 'Live streams. Each says the role it takes. They end with the token.',
  authScopes: { reader: true },
})
