import { type Statement, type StatementLine, statement } from '../src/books/statement.ts'
import { totalsOf } from '../src/documents/totals.ts'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import { periodArgs, periodOf } from './periods.ts'
import { batched, read, viewerOf } from './reading.ts'
import { transactionsOfPostings } from './reads/transactions.ts'
import { Retainer } from './retainer.ts'
import type { RetainerRow } from './retainer-row.ts'
import { DirectionEnum, RetainerTransaction, type TransactionKind, TransactionKindEnum } from './transactions.ts'

interface OfMatter {
  matterId: string
  currency: string
}

type LineRow = StatementLine & OfMatter
type TotalRow = ReturnType<typeof totalsOf>[number] & { currency: string }
type StatementRow = Statement & OfMatter & { from: string | null; to: string | null }

const directionOf = (amountMinor: bigint) => (amountMinor < 0n ? 'OUT' : 'IN')
const absolute = (amountMinor: bigint) => (amountMinor < 0n ? -amountMinor : amountMinor)

const Line = builder.objectRef<LineRow>('RetainerStatementLine').implement({
  description: 'One movement of a statement.',
  fields: (t) => ({
    day: t.field({ type: 'Date', description: 'The firm’s day it was booked on.', resolve: ({ day }) => day }),
    kind: t.field({
      type: TransactionKindEnum,
      description: 'What happened.',
      resolve: ({ kind }) => kind as TransactionKind,
    }),
    direction: t.field({
      type: DirectionEnum,
      description: 'Whether money came or went.',
      resolve: ({ amountMinor }) => directionOf(amountMinor),
    }),
    amount: t.field({
      type: Money,
      description: 'How much, never negative.',
      resolve: ({ amountMinor, currency }) => money(absolute(amountMinor), currency),
    }),
    balance: t.field({
      type: Money,
      description: 'The running balance: the retainer after it.',
      resolve: ({ balanceMinor, currency }) => money(balanceMinor, currency),
    }),
    transaction: t.field({
      type: RetainerTransaction,
      nullable: true,
      description: 'The same line on the general retainer tab.',
      resolve: ({ matterId, postingId }, _args, context) =>
        batched(
          context,
          `statementLines ${matterId}`,
          postingId.toString(),
          async (trx, postingIds, firmId) => {
            const rows = await transactionsOfPostings(trx, firmId, matterId, postingIds.map(BigInt))
            return new Map([...rows].map(([id, row]) => [id.toString(), row]))
          },
          null,
        ),
    }),
  }),
})

const Total = builder.objectRef<TotalRow>('RetainerStatementTotal').implement({
  description: 'All movements of one kind and direction together.',
  fields: (t) => ({
    kind: t.field({
      type: TransactionKindEnum,
      description: 'What happened.',
      resolve: ({ kind }) => kind as TransactionKind,
    }),
    direction: t.field({
      type: DirectionEnum,
      description: 'Whether money came or went.',
      resolve: ({ amountMinor }) => directionOf(amountMinor),
    }),
    amount: t.field({
      type: Money,
      description: 'How much in all, never negative.',
      resolve: ({ amountMinor, currency }) => money(absolute(amountMinor), currency),
    }),
    count: t.exposeInt('count', { description: 'How many there were.' }),
  }),
})

const RetainerStatement = builder.objectRef<StatementRow>('RetainerStatement').implement({
  description:
    'The retainer over some days, as the liability account has it: opening and all lines together are the closing.',
  fields: (t) => ({
    from: t.field({
      type: 'Date',
      nullable: true,
      description: 'Its first day; of a final statement, that of the first movement.',
      resolve: ({ from, lines }) => from ?? lines[0]?.day ?? null,
    }),
    to: t.field({
      type: 'Date',
      nullable: true,
      description: 'Its last day; of a final statement, that of the last movement.',
      resolve: ({ to, lines }) => to ?? lines.at(-1)?.day ?? null,
    }),
    opening: t.field({
      type: Money,
      description: 'The balance before the first day.',
      resolve: ({ openingMinor, currency }) => money(openingMinor, currency),
    }),
    lines: t.field({
      type: [Line],
      description: 'Every movement, oldest first.',
      resolve: ({ lines, matterId, currency }) => lines.map((line) => ({ ...line, matterId, currency })),
    }),
    closing: t.field({
      type: Money,
      description: 'The balance after the last day.',
      resolve: ({ closingMinor, currency }) => money(closingMinor, currency),
    }),
    totals: t.field({
      type: [Total],
      description: 'What came and went, by kind, in the order of their first movement.',
      resolve: ({ lines, currency }) => totalsOf(lines).map((total) => ({ ...total, currency })),
    }),
    printUrl: t.string({
      description: 'The same as a page to print, for whoever has this address in the next fifteen minutes.',
      resolve: ({ matterId, from, to }, _args, context) => {
        const { firmId } = viewerOf(context)
        return from !== null && to !== null
          ? context.documents.urlOf('statement', { firmId, matterId, from, to })
          : context.documents.urlOf('final-statement', { firmId, matterId })
      },
    }),
  }),
})

builder.objectFields(Retainer, (t) => ({
  statement: t.field({
    type: RetainerStatement,
    description: 'What came and went on some days, equal to the liability account. Errors: BAD_USER_INPUT.',
    args: periodArgs(t.arg),
    resolve: async ({ matter_id: matterId, currency }, args, context): Promise<StatementRow> => {
      const days = periodOf(args)
      const found = await read(context, (trx, firmId) => statement(trx, firmId, matterId, days))
      return { ...found, ...days, matterId, currency }
    },
  }),
  finalStatement: t.field({
    type: RetainerStatement,
    nullable: true,
    description: 'What came and went in the matter’s whole life; null until it is closed (R20).',
    resolve: async (row: RetainerRow, _args, context): Promise<StatementRow | null> => {
      if (row.phase !== 'CLOSED') return null
      const { matter_id: matterId, currency } = row
      const always = { from: null, to: null }
      const found = await read(context, (trx, firmId) => statement(trx, firmId, matterId, always))
      return { ...found, ...always, matterId, currency }
    },
  }),
}))
