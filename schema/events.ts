import { builder } from './builder.ts'
import { RetainerDecision } from './decisions.ts'
import { badInput, notFound } from './errors.ts'
import { eventStream } from './event-stream.ts'
import { eventTypeOf, RetainerEventType } from './event-type.ts'
import { Matter } from './matter.ts'
import { Money, money } from './money.ts'
import { sizeOf } from './paging.ts'
import { RetainerPhaseEnum } from './phase.ts'
import { read } from './reading.ts'
import { eventsAfter, lastSequence } from './reads/events.ts'
import { RefusalCodeEnum } from './refusals.ts'
import { Retainer } from './retainer.ts'

type EventRow = Awaited<ReturnType<typeof eventsAfter>>[number]

const RetainerEvent = builder.objectRef<EventRow>('RetainerEvent').implement({
  description:
    'One commit of a matter: something happened or was asked for, and this is how the retainer stood after it.',
  fields: (t) => ({
    sequence: t.int({
      description: 'Its number in the matter: 1, 2, 3 and so on without a gap. The cursor to go on behind.',
      resolve: ({ version }) => Number(version),
    }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
    type: t.field({ type: RetainerEventType, description: 'What.', resolve: ({ kind }) => eventTypeOf(kind) }),
    refusal: t.field({
      type: RefusalCodeEnum,
      nullable: true,
      description: 'By which refusal a command was turned down; nothing changed then. Null when it was done.',
      resolve: ({ answer }) => (answer.ok ? null : answer.refusal.code),
    }),
    phase: t.field({
      type: RetainerPhaseEnum,
      description: 'Where the retainer stood after it.',
      resolve: ({ outcome }) => outcome.phase,
    }),
    balance: t.field({
      type: Money,
      description: 'The balance after it.',
      resolve: ({ outcome, currency }) => money(BigInt(outcome.balanceMinor), currency),
    }),
    pending: t.field({
      type: Money,
      description: 'Money on its way after it (R13).',
      resolve: ({ outcome, currency }) => money(BigInt(outcome.pendingMinor), currency),
    }),
    amountDue: t.field({
      type: Money,
      description: 'The amount due after it (R4).',
      resolve: ({ outcome, currency }) => money(BigInt(outcome.amountDueMinor), currency),
    }),
    decisions: t.field({
      type: [RetainerDecision],
      description: 'What was decided in it, and why (R21).',
      resolve: ({ decisions }) => decisions,
    }),
    matter: t.field({
      type: Matter,
      description: 'The matter as it is when this is read, which may be later than the event.',
      resolve: (event) => event.matter_id,
    }),
  }),
})

builder.objectField(Retainer, 'events', (t) =>
  t.field({
    type: [RetainerEvent],
    description:
      'The events behind a sequence number, oldest first: what `retainerEvents` tells. Errors: BAD_USER_INPUT.',
    args: {
      after: t.arg.int({ defaultValue: 0, description: 'The last sequence number seen.' }),
      first: t.arg.int({ defaultValue: 20, description: 'How many, 1 to 100.' }),
    },
    resolve: ({ matter_id: matterId }, { after, first }, context) =>
      read(context, (trx, firmId) => eventsAfter(trx, firmId, matterId, cursorOf(after), sizeOf(first))),
  }),
)

builder.subscriptionField('retainerEvents', (t) =>
  t.field({
    type: RetainerEvent,
    authScopes: { reader: true },
    description:
      'A matter’s events as they are committed, in order, without a gap (R12). After a lost connection go on with `after`. ' +
      'Ends with the token. Errors: BAD_USER_INPUT, NOT_FOUND.',
    args: {
      matterId: t.arg.globalID({ for: Matter, description: 'The matter’s id.' }),
      after: t.arg.int({
        required: false,
        description:
          'The last sequence number seen, 0 for all, never more than there are: what came between would be missed in silence. ' +
          'Without it only what comes from now on.',
      }),
    },
    subscribe: async (_root, { matterId, after }, context) => {
      const last = await read(context, (trx, firmId) => lastSequence(trx, firmId, matterId.id))
      if (last === undefined) throw notFound('matter')
      if (after != null && after > last) throw outOfRange('The matter has no event of this sequence number.')
      return eventStream(context, matterId.id, after == null ? last : cursorOf(after))
    },
    resolve: (event) => event,
  }),
)

function cursorOf(after: number): number {
  if (after >= 0) return after
  throw outOfRange('A sequence number is not negative.')
}

const outOfRange = (message: string) => badInput('after', 'OUT_OF_RANGE', message)
