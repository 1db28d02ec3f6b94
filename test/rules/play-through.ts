import { expect } from 'vitest'
import type { Command, Fact } from '../../src/domain/events.ts'
import type { RetainerState } from '../../src/domain/state.ts'
import { DAY_MS } from './lived-matter.ts'
import type { Move } from './lives.ts'
import { Model } from './model.ts'
import { Player } from './play.ts'
import { Story } from './story.ts'

const HOUR_MS = DAY_MS / 24
const COMMIT_REFUSALS = new Set(['AmountAboveRefundable', 'NotInUnappliedFunds', 'OtherClientsMatter'])

/** Plays `life` on a new matter; every step is held to the invariants, and to what `after` adds. */
export function play(
  life: Move[],
  after: (story: Story, event: Command | Fact, model: Model, before: RetainerState) => void = () => undefined,
): Story {
  const story = new Story()
  const player = new Player(story)
  const model = new Model()
  for (const move of life) {
    story.atMs += HOUR_MS
    if (move.what === 'transferIn' && story.state.lifecycle === 'OPEN' && story.state.options.enabled) {
      const amount = move.pick + 1
      model.arrive(story.transferIn(`${amount}`), amount * 100)
    }
    const back = move.what === 'comesBack' && player.comesBack()
    if (back) model.books.lies(back.paymentId, Number(back.amountMinor))
    const event = player.event(move)
    if (!event) continue
    const before = story.state
    const answer = story.take(event)
    if (!answer.ok && COMMIT_REFUSALS.has(answer.refusal.code)) {
      // The rules let it pass: what only the books know forbids it.
      after(story, event, model, before)
      continue
    }
    const { refusals, mails } = model.take(event, story.atMs)
    if (answer.ok) expect(refusals, `${event.kind} is taken`).toEqual([])
    else if (event.kind !== 'dismissAttention') expect(refusals).toContain(answer.refusal.code)
    const planned = story.last.plan.effects.flatMap((effect) => (effect.kind === 'MAIL' ? [effect.template] : []))
    // The model knows nothing of mails that fail or come back.
    const isModelled = event.kind !== 'effectFailed' && event.kind !== 'mailBounced'
    if (isModelled) expect(planned.toSorted()).toEqual(mails.toSorted())
    player.remember()
    after(story, event, model, before)
  }
  return story
}
