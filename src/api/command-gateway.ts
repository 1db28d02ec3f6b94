import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { type Insertable, sql } from 'kysely'
import {
  type AnswerMessage,
  type CommandMessage,
  RETAINER_WORKFLOW,
  type RetainerInput,
  retainerWorkflowId,
  TASK_QUEUES,
  updates,
} from '../../workflows/contract.ts'
import { asFirm, type Database } from '../db/pool.ts'
import type { DB } from '../db/types.ts'
import { derivedUuid } from '../derived-uuid.ts'
import type { Answer, Command } from '../domain/events.ts'
import { fromWire, toWire, type Wire } from '../domain/wire.ts'
import { RateLimited, type RateLimits } from './limits/rate-limits.ts'

const ANSWER_TIMEOUT_MS = 15_000
const ASK_AGAIN_AFTER_MS = 50
/** What a closed matter still decides: its attention, money that came late, and payments of what it is owed (R20). */
const TAKEN_AFTER_CLOSING = new Set<Command['kind']>([
  'dismissAttention',
  'refundUnappliedFunds',
  'recordOfflinePayment',
  'assignUnappliedFunds',
])
/** gRPC's code. */
const FAILED_PRECONDITION = 9

export interface CommandRequest {
  firmId: string
  matterId: string
  /** Idempotency key: the same key with the same input answers the same, whatever became of the matter since. */
  key: string
  /** Everything the asker gave, beside the command also what is kept elsewhere (a memo): the key is bound to its digest. */
  input: unknown
  command: Command
  /** Free text of a person, kept beside the command and never sent through the engine. */
  memo?: string
}

/** No answer came in time. The command may have been carried out; asking again with the same key is safe. */
export class CommandUnanswered extends Error {
  override name = 'CommandUnanswered'
}

/** Sends commands to matters' workflows and brings back their answers. */
export interface CommandGateway {
  /**
   * Throws `CommandUnanswered` when there is no answer in time, `UnknownMatter` when the firm has no such matter, `RateLimited` when
   * a client would be mailed too often.
   */
  send(request: CommandRequest): Promise<Answer>
}

export class UnknownMatter extends Error {
  override name = 'UnknownMatter'
}

interface GatewayDependencies {
  temporal: Client
  db: Database
  rateLimits: Pick<RateLimits, 'createOnline'>
}

/** A gateway of a process that ends some day. */
export interface EndingGateway extends CommandGateway {
  /** Waits for no answer any more: who still asks is told so, and can repeat the command at another process. */
  giveUp(): void
}

export function commandGateway({ temporal, db, rateLimits }: GatewayDependencies): EndingGateway {
  const waiting = new Set<(reason: Error) => void>()

  // Not by the client's own signal, which a connection that is only being made does not look at.
  async function untilGivenUp<Answered>(answer: Promise<Answered>): Promise<Answered> {
    const { promise: givenUp, reject } = Promise.withResolvers<never>()
    waiting.add(reject)
    try {
      return await Promise.race([answer, givenUp])
    } finally {
      waiting.delete(reject)
    }
  }

  return {
    giveUp() {
      for (const reject of waiting) reject(new CommandUnanswered('The matter did not answer in time.'))
    },
    async send({ firmId, matterId, key, input, command, memo }) {
      const inputHash = digest({ matterId, kind: command.kind, input })
      const known = await recorded(db, firmId, matterId, key)
      if (known.answer) {
        return known.inputHash === inputHash ? known.answer : { ok: false, refusal: { code: 'IdempotencyKeyReused' } }
      }
      // A closed matter stays closed, so its workflow need not be started again to say so.
      if (known.phase === 'CLOSED' && !TAKEN_AFTER_CLOSING.has(command.kind)) {
        return { ok: false, refusal: { code: 'MatterClosed', sinceMs: known.closedAtMs ?? undefined } }
      }
      if (command.kind === 'createOnline') {
        const retryAfterS = await rateLimits.createOnline.spend(matterId)
        if (retryAfterS !== null) throw new RateLimited(retryAfterS)
      }
      // Before the command, so that no receipt goes out without it.
      if (memo) await keepMemo(db, { firm_id: firmId, key, input_hash: inputHash, body: memo })
      const { kind, ...fields } = toWire(command)
      const message = { ...fields, key, inputHash } as CommandMessage<Command['kind']>
      const order = { input: { firmId, matterId }, kind, message }
      return fromWire<Answer>(await untilGivenUp(update(temporal, order)))
    },
  }
}

interface Order {
  input: RetainerInput
  kind: Command['kind']
  message: CommandMessage<Command['kind']>
}

async function update(temporal: Client, order: Order): Promise<AnswerMessage> {
  const deadlineMs = Date.now() + ANSWER_TIMEOUT_MS
  for (;;) {
    try {
      return await temporal.withDeadline(deadlineMs, () => updateOnce(temporal, order))
    } catch (error) {
      if (wasTurnedAway(error) && Date.now() + ASK_AGAIN_AFTER_MS < deadlineMs) {
        await sleep(ASK_AGAIN_AFTER_MS)
      } else if (isUnanswered(error)) {
        throw new CommandUnanswered('The matter did not answer in time.', { cause: error })
      } else throw error
    }
  }
}

/** A fact that arrives just when a matter continues as new makes the engine drop the update it had in hand. */
const wasTurnedAway = (error: unknown): boolean =>
  (isGrpcServiceError(error) && error.code === FAILED_PRECONDITION) || causeType(error) === 'UnprocessedUpdate'

/** Under load the engine may give an update back that no worker took up. */
const causeType = (error: unknown): string | null | undefined =>
  error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause.type : undefined

/** Not refused by its form, and no answer: it may have been carried out, and asking again tells. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  isGrpcServiceError(error) ||
  (error instanceof WorkflowUpdateFailedError && causeType(error) !== 'MalformedCommand')

function updateOnce(temporal: Client, { input, kind, message }: Order): Promise<AnswerMessage> {
  // With start, so that a matter whose engine was lost or terminated goes on from its books: every first run loads them,
  // and a closed matter refuses.
  const startWorkflowOperation = new WithStartWorkflowOperation(RETAINER_WORKFLOW, {
    workflowId: retainerWorkflowId(input.matterId),
    args: [input],
    taskQueue: TASK_QUEUES.retainer,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'General retainer of one matter',
  })
  return temporal.workflow.executeUpdateWithStart(updates[kind] as (typeof updates)['saveOptions'], {
    // The engine answers a repeated update id without looking at the input, so the id holds the input's digest too.
    updateId: `${message.key}.${message.inputHash.slice(0, 16)}`,
    args: [message as CommandMessage<'saveOptions'>],
    startWorkflowOperation,
  })
}

function keepMemo(db: Database, row: Insertable<DB['memo']>): Promise<unknown> {
  return asFirm(db, row.firm_id, (trx) =>
    trx
      .insertInto('memo')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

async function recorded(db: Database, firmId: string, matterId: string, key: string) {
  return asFirm(db, firmId, async (trx) => {
    const matter = await trx
      .selectFrom('retainer')
      .select(['phase', sql<number | null>`state -> 'closedAtMs'`.as('closedAtMs')])
      .where('matter_id', '=', matterId)
      .executeTakeFirst()
    if (!matter) throw new UnknownMatter('The firm has no such matter.')
    const command = await trx
      .selectFrom('command')
      .select(['input_hash', 'answer'])
      .where('firm_id', '=', firmId)
      .where('key', '=', key)
      .executeTakeFirst()
    return {
      ...matter,
      inputHash: command?.input_hash,
      answer: command && fromWire<Answer>(command.answer as Wire<Answer>),
    }
  })
}

/** A digest that does not depend on the order of keys. */
export function digest(input: unknown): string {
  const canonical = JSON.stringify(toWire(input), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(canonical).digest('hex')
}

/** An id that the same firm's same key always gives: what a command makes has one name however often it is sent. */
export const idFromKey = (firmId: string, key: string): string => derivedUuid(`${firmId}:${key}`)
