import { z } from 'zod'
import type { RequestStatus } from '../src/domain/plan.ts'
import type { RequestKind } from '../src/domain/state.ts'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import type { Cursor } from './paging.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { requestsById } from './reads/requests.ts'

type RequestRow = Awaited<ReturnType<typeof requestsById>>[number]

const RequestKindEnum = builder.enumType('RetainerRequestKind', {
  description: 'What a request is for (R8).',
  values: {
    INITIAL: { description: 'Something of the initial amount remains.' },
    TOP_UP: { description: 'The balance is to be brought back to its minimum.' },
  } satisfies Record<RequestKind, object>,
})

export const RequestStatusEnum = builder.enumType('RetainerRequestStatus', {
  description: 'How a request stands. At most one of a matter is open (R5).',
  values: {
    OPEN: { description: 'It can be paid.' },
    SATISFIED: { description: 'It received money, and nothing is due any more (R8).' },
    WITHDRAWN: { description: 'It ended without receiving anything, or the firm took it back (R8, R10).' },
  } satisfies Record<RequestStatus, object>,
})

export const RetainerRequest = builder.loadableNodeRef('RetainerRequest', {
  id: { resolve: (request: RequestRow) => request.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => requestsById(trx, ids, firmId)),
  toKey: (request) => request.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

RetainerRequest.implement({
  description: 'The client was asked for money. Its number and link never change; its amount follows the money (R8).',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Counted from 1 in the matter.' }),
    kind: t.field({ type: RequestKindEnum, description: 'What it is for.', resolve: (row) => row.kind as RequestKind }),
    status: t.field({
      type: RequestStatusEnum,
      description: 'How it stands.',
      resolve: (row) => row.status as RequestStatus,
    }),
    amount: t.field({
      type: Money,
      description: 'Received while open plus what is due (R8).',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    received: t.field({
      type: Money,
      description: 'What came in while it was open.',
      resolve: (row) => money(row.received_minor, row.currency),
    }),
    remaining: t.field({
      type: Money,
      description: 'What is due on it; nothing once it has ended.',
      resolve: (row) => money(row.amount_minor - row.received_minor, row.currency),
    }),
    overdue: t.boolean({
      description:
        'Whether the client was asked and has let the day of the firm’s first reminder pass (R9), and nothing is on its way that covers it. ' +
        'A firm that never reminds waits a week.',
      resolve: (row) => row.overdue,
    }),
    openedAt: t.field({ type: 'DateTime', description: 'When it was opened.', resolve: (row) => row.opened_at }),
    sentAt: t.field({
      type: 'DateTime',
      description: 'When it was last sent by Create online or as a top-up; reminders do not count.',
      resolve: (row) => row.last_sent_at,
    }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it is open.',
      resolve: (row) => row.closed_at,
    }),
    payUrl: t.string({
      description: 'The client’s durable link: its page shows what is due now, and says so when that is nothing (R10).',
      resolve: (row, _args, context) => context.payUrl(row.id),
    }),
  }),
})

export const RetainerRequestConnection = builder.connectionObject(
  { type: RetainerRequest, name: 'RetainerRequestConnection', description: 'A page of requests.' },
  { name: 'RetainerRequestEdge', description: 'A request and its place in the list.' },
)

export const requestCursor: Cursor<RequestRow, number> = { shape: z.int32(), of: (row) => row.number }
