import { sleep } from '@temporalio/workflow'
import type { Answer, Command, Fact } from '../src/domain/events.ts'
import { messageInWords } from './summaries.ts'

const AGAIN_AFTER = '10 minutes'

/** A command or fact on its way to be decided. */
export interface Message {
  event: Command | Fact
  /** What makes it happen once: the command's idempotency key, or the fact's own name. */
  key: string
  inputHash: string
  /** Where it comes from. */
  origin: Origin
  /** Told the answer of a command, or why there is none. */
  answered(answer: Answer): void
  failed(error: unknown): void
}

/** The event in the inbox that told a fact, which is done once all that it told is booked. */
export interface Origin {
  inboxId: string | null
  /** The keys of all facts that the event told; none where it told but this one. */
  inboxKeys: string[]
}

const NOWHERE: Origin = { inboxId: null, inboxKeys: [] }

/**
 * Everything that reaches the matter waits here and is taken one at a time: facts before commands, so that what has happened
 * is booked before anything is decided upon it. It also keeps a replay's order where a fact and a command come with one
 * workflow task: the time-skipping test server notes another place for the update than the one it was delivered at.
 */
export class Mailbox {
  readonly #facts: Message[] = []
  readonly #commands: Message[] = []

  get isEmpty(): boolean {
    return this.#facts.length + this.#commands.length === 0
  }

  take(): Message | undefined {
    return this.#facts.shift() ?? this.#commands.shift()
  }

  /** A command's answer, once its turn has come and the books have it. */
  ask(event: Command, key: string, inputHash: string): Promise<Answer> {
    return new Promise((answered, failed) => {
      this.#commands.push({ event, key, inputHash, origin: NOWHERE, answered, failed })
    })
  }

  /**
   * Files a fact; whoever tells it waits for nothing. One that the ledger rejected is told again: by the inbox if it came
   * from there, else by itself, so that a fault that is mended loses nothing.
   */
  tell(event: Fact, key: string, origin: Origin = NOWHERE): void {
    const message: Message = {
      event,
      key,
      inputHash: 'fact',
      origin,
      answered: () => undefined,
      failed: () => {
        if (origin.inboxId !== null) return
        void sleep(AGAIN_AFTER, { summary: `Tell the ledger again of ${messageInWords(event.kind)}` }).then(() =>
          this.#facts.push(message),
        )
      },
    }
    this.#facts.push(message)
  }
}
