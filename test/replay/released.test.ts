import { describe, expect, test } from 'vitest'
import { decide } from '../../src/domain/decide.ts'
import { projectionOf } from '../../src/domain/projection.ts'
import type { RetainerState } from '../../src/domain/state.ts'
import { fromWire, toWire, type Wire } from '../../src/domain/wire.ts'
import type { RetainerInput } from '../../workflows/contract.ts'
import { currentDetails } from '../../workflows/details.ts'
import '../support/engine.ts'
import { type Alteration, alteredBundle } from '../support/altered-bundle.ts'
import { type KeptRun, type Replayed, readReleased, releasedFiles, replayReleased } from './released.ts'

const files = await releasedFiles()

async function otherwise(bundle: Parameters<typeof replayReleased>[0], some: string[]): Promise<Replayed[]> {
  const different = []
  for await (const run of replayReleased(bundle, some)) if (run.error !== undefined) different.push(run)
  return different
}

describe('the gate refuses a change that would fail matters under way, and names the history and the cause:', () => {
  const paying = files.filter((file) => file.endsWith('/paying.json.gz')).slice(0, 1)
  const NONDETERMINISM = /TMPRL1100.*Nondeterminism error/

  test.each<[string, Alteration]>([
    [
      'activity and timer in another order',
      [
        /(_class_private_field_get\(this, _courier\)\.carry\(foremost\(state\.effects\), state\);)([^]{1,400}?_reminder\)\.set\(.*\n)/,
        '$2$1',
      ],
    ],
    [
      'one activity more',
      [
        /const \{ state, currency \} = await (\(0,_ledger_ts__WEBPACK_IMPORTED_MODULE_\d+__\.loadMatter\))/,
        'await $1(firmId, matterId); const { state, currency } = await $1',
      ],
    ],
    ['a local activity that became a regular one', [/now\.commitMatter/, 'patiently.commitMatter']],
    ['one command less', [/if \(changed\.length > 0\)/, 'if (changed.length > 9)']],
    ['a rule that plans one mail less', [/turn\.planEffect(\(\{\s+kind: 'MAIL',\s+template: 'RECEIPT')/, 'void $1']],
  ])('%s', async (_, alteration) => {
    const [first] = await otherwise(await alteredBundle(alteration), paying)
    expect(first).toMatchObject({ file: paying[0], workflowId: expect.stringMatching(/^retainer-/) })
    expect(first?.error).toMatch(NONDETERMINISM)
  })
})

test('a state that a released version handed to its next run is taken on by today’s rules', async () => {
  const states = (await Promise.all(files.map(readReleased))).flat().flatMap(handedOver)
  expect(states.length).toBeGreaterThan(0)
  for (const wire of states) {
    const state = fromWire<RetainerState>(wire)
    expect(toWire(state)).toEqual(wire)
    expect(currentDetails(state)).toContain(projectionOf(state).phase)
    expect(() => decide(state, { kind: 'createOnline', atMs: Date.now() })).not.toThrow()
  }
})

function handedOver({ history }: KeptRun): Wire<RetainerState>[] {
  const [first] = history.events ?? []
  const [input] = first?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []
  if (!input?.data) return []
  const { state } = JSON.parse(Buffer.from(String(input.data), 'base64').toString()) as RetainerInput
  return state ? [state] : []
}
