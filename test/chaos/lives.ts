import { inspect } from 'node:util'
import { type Act, anyAct } from '../practice/acts.ts'
import { People } from '../practice/people.ts'
import type { Diary } from './diary.ts'
import { draws } from './draws.ts'
import type { World } from './world.ts'

/** How many people act at the same time, each at their own pace. */
const PEOPLE = 12
/** The stream of the first of them; troubles are stream 0. */
const FIRST_STREAM = 1

/** Acts after whose answer no request that they ended or froze may be mailed. */
const STOPPING = new Set<Act['kind']>(['replenishmentOff', 'withdraw', 'closeEmptied', 'close'])

/** Gives every matter the options it begins with. */
export async function begin({ practice }: World): Promise<void> {
  const people = new People(practice)
  for (const firm of practice.firms) {
    await Promise.all(firm.matterIds.map((matterId) => people.begins(firm, matterId)))
  }
}

/**
 * Has everybody act, one thing after another, until it is `over` and at least `leastActs` were done, so that a slow machine's
 * verdict is of something; gives back when the last of them has an answer.
 */
export async function live(
  world: World,
  diary: Diary,
  seed: number,
  { over, leastActs }: { over: AbortSignal; leastActs: number },
): Promise<void> {
  const mattersPerFirm = world.practice.firms[0]?.matterIds.length ?? 0
  const people = new People(world.practice)
  const life = async (stream: number) => {
    for (const act of draws(anyAct(mattersPerFirm), seed, stream)) {
      if (over.aborted && diary.acts >= leastActs) return
      await answered(world, diary, people, act)
    }
  }
  await Promise.all(Array.from({ length: PEOPLE }, (_, person) => life(FIRST_STREAM + person)))
}

async function answered({ practice }: World, diary: Diary, people: People, act: Act): Promise<void> {
  const matterId = practice.firms[act.firm]?.matterIds[act.matter] ?? ''
  try {
    await people.act(act)
    if (STOPPING.has(act.kind)) diary.stopped.push({ matterId, answeredAtMs: Date.now() })
  } catch (error) {
    diary.unanswered.push(`${act.kind} of matter ${matterId}: ${inspect(error)}`)
  }
  diary.acts += 1
}
