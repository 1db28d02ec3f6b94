import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type DocumentNode, GraphQLObjectType, GraphQLSchema, GraphQLString, Kind, parse, visit } from 'graphql'
import { expect, test } from 'vitest'
import { withRoles } from '../../schema/roles.ts'
import { REFUSING_UNIONS } from './printed-schema.ts'

const file = new URL('../../schema/schema.graphql', import.meta.url)
const document: DocumentNode = parse(await readFile(file, 'utf8'))

test('the printed schema is the schema', async () => {
  const script = new URL('../../schema/print.ts', import.meta.url)
  await expect(promisify(execFile)(process.execPath, [script.pathname, '--check'])).resolves.toMatchObject({
    stderr: '',
  })
})

/** Names that a frontend may rely on, with their types. */
const CONTRACT: Record<string, string[]> = {
  Query: [
    'viewer: Viewer!',
    'node(id): Node',
    'matter(id): Matter',
    'matters(first, after, filter, orderBy): MatterConnection!',
    'clients(first, after, search): ClientConnection!',
    'requests(first, after, filter): RetainerRequestConnection!',
    'invoices(first, after, status): InvoiceConnection!',
  ],
  Matter: [
    'id: ID!',
    'number: String!',
    'title: String!',
    'client: Client!',
    'retainer: Retainer!',
    'billingOptions: MatterBillingOptions!',
  ],
  Retainer: [
    'phase: RetainerPhase!',
    'balance: Money!',
    'pending: Money!',
    'amountDue: Money!',
    'initialAmount: Money',
    'receivedTowardInitial: Money!',
    'initialAmountLocked: Boolean!',
    'canCreateOnline: Boolean!',
    'openRequest: RetainerRequest',
    'nextReminderAt: DateTime',
    'requests(first, after): RetainerRequestConnection!',
    'transactions(first, after): RetainerTransactionConnection!',
    'decisions(first, after, from, until): RetainerDecisionConnection!',
    'pendingPayments: [RetainerPendingPayment!]!',
    'refundable: RetainerRefundable!',
    'refundsInFlight: Money!',
    'receivable: Money!',
    'refunds(first, after): RetainerRefundConnection!',
    'disputes(first, after): RetainerDisputeConnection!',
    'statement(from, to): RetainerStatement!',
    'finalStatement: RetainerStatement',
    'effectsInFlight: Int!',
    'liveState: RetainerLiveState',
  ],
  Viewer: [
    'attention: [FirmAttention!]!',
    'unappliedFunds(first, after): PaymentConnection!',
    'payouts(first, after): PayoutConnection!',
    'reconciliations(first, after): ReconciliationConnection!',
    'totals: FirmTotals!',
    'trialBalance: TrialBalance!',
    'journalExport(from, to): JournalExport!',
  ],
  RetainerRequest: [
    'id: ID!',
    'number: Int!',
    'kind: RetainerRequestKind!',
    'amount: Money!',
    'received: Money!',
    'remaining: Money!',
    'status: RetainerRequestStatus!',
    'sentAt: DateTime!',
    'payUrl: String!',
  ],
  Money: ['amount: Decimal!', 'currencyCode: CurrencyCode!'],
  Mutation: [
    'updatePracticeSettings',
    'createClient',
    'updateClient',
    'createMatter',
    'updateMatterBillingOptions',
    'createOnline',
    'turnReplenishmentOff',
    'withdrawRequest',
    'recordOfflinePayment',
    'recordInvoice',
    'applyRetainerToInvoice',
    'reverseApplication',
    'refundRetainer',
    'transferRetainer',
    'assignUnappliedFunds',
    'refundUnappliedFunds',
    'startReconciliation',
    'dismissAttention',
    'dismissFirmAttention',
    'closeMatter',
  ].map((name) => `${name}(input): ${name[0]?.toUpperCase()}${name.slice(1)}Result!`),
  Subscription: ['retainerEvents(matterId, after): RetainerEvent!'],
}

test('the contract’s names and types are there', () => {
  const printed = new Map<string, string[]>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue
    const fields = (definition.fields ?? []).map(({ name, arguments: args = [], type }) => {
      const named = args.length > 0 ? `(${args.map((arg) => arg.name.value).join(', ')})` : ''
      return `${name.value}${named}: ${typeText(type)}`
    })
    printed.set(definition.name.value, fields)
  }
  for (const [type, fields] of Object.entries(CONTRACT)) {
    expect(printed.get(type), type).toEqual(expect.arrayContaining(fields))
  }
})

test('every element is described', () => {
  const bare: string[] = []
  visit(document, {
    enter(node) {
      if ('name' in node && node.kind.endsWith('Definition') && !('description' in node && node.description)) {
        bare.push(`${node.kind} ${node.name?.value}`)
      }
    },
  })
  expect(bare).toEqual([])
})

test('every query, mutation and subscription says the role it takes', () => {
  const roots = document.definitions
    .filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter(({ name }) => ['Query', 'Mutation', 'Subscription'].includes(name.value))
  const fields = roots.flatMap(({ fields: of = [] }) => of)
  expect(fields.length).toBeGreaterThan(20)
  for (const { name, description } of fields) {
    expect(description?.value, name.value).toMatch(/\. Role: (READER or higher|BILLER or higher|ADMIN)\.$/)
  }
})

test('a schema with a root field that declares no role, or one that nobody knows, is not made', () => {
  const query = (authScopes: object | undefined) =>
    new GraphQLSchema({
      query: new GraphQLObjectType({
        name: 'Query',
        fields: {
          secret: { type: GraphQLString, description: 'A secret.', extensions: { pothosOptions: { authScopes } } },
        },
      }),
    })
  expect(() => withRoles(query(undefined))).toThrow('Query.secret')
  expect(() => withRoles(query({}))).toThrow('Query.secret')
  expect(() => withRoles(query({ public: true }))).toThrow('Query.secret')
  expect(() => withRoles(query({ reader: true, admin: true }))).toThrow('Query.secret')
  expect(
    withRoles(query({ admin: true }))
      .getQueryType()
      ?.getFields()['secret']?.description,
  ).toBe('A secret. Role: ADMIN.')
})

test('every mutation takes one input with an idempotency key, and can refuse a key that was reused', () => {
  const inputs = document.definitions.filter((each) => each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
  for (const mutation of REFUSING_UNIONS.keys()) {
    const input = inputs.find(({ name }) => name.value === mutation.replace(/Result$/, 'Input'))
    const key = input?.fields?.find(({ name }) => name.value === 'idempotencyKey')
    expect(key && typeText(key.type), mutation).toBe('ID!')
    expect(REFUSING_UNIONS.get(mutation), mutation).toContain('IdempotencyKeyReused')
  }
})

function typeText(type: unknown): string {
  const node = type as { kind: string; type?: unknown; name?: { value: string } }
  if (node.kind === Kind.NON_NULL_TYPE) return `${typeText(node.type)}!`
  if (node.kind === Kind.LIST_TYPE) return `[${typeText(node.type)}]`
  return node.name?.value ?? ''
}
