import { UnknownMatter } from '../../src/api/command-gateway.ts'
import type { Command, Refusal } from '../../src/domain/events.ts'
import type { ApiContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { isUuid, viewerOf } from '../reading.ts'

interface Sent {
  matterId: string
  key: string
  command: Command
  /** Free text that the asker gave beside the command: the key is bound to it too. */
  memo?: string
  /** What the asker gave, where the command holds figures of the books beside: repeated, those may have changed. */
  asked?: object
}

/** Refusals that any command to a matter can meet. */
export const ANY_COMMAND = ['MatterClosed', 'IdempotencyKeyReused'] as const

/** Refusals of commands that a matter without billing options answers by itself. */
export const ONCE_ENABLED = ['RetainerNotEnabled', ...ANY_COMMAND] as const

/** Has the matter's workflow decide. Throws NOT_FOUND, and `CommandUnanswered` when no answer came in time. */
export async function send(
  context: ApiContext,
  { matterId, key, command, memo, asked }: Sent,
): Promise<{ id: string | null; refusal?: never } | { refusal: Refusal }> {
  const { firmId } = viewerOf(context)
  if (!isUuid(matterId)) throw notFound('matter')
  try {
    const answer = await context.commands.send({
      firmId,
      matterId,
      key,
      input: asked ?? { command, memo },
      command,
      ...(memo === undefined ? {} : { memo }),
    })
    return answer.ok ? { id: answer.id } : { refusal: answer.refusal }
  } catch (error) {
    throw error instanceof UnknownMatter ? notFound('matter') : error
  }
}
