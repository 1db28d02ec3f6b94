import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_OPTIONS } from '../../src/domain/options.ts'
import { queries } from '../../workflows/contract.ts'
import { createFirm } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

const refused = (code: string) => ({ ok: false, refusal: { code } })

async function turn(firmId: string, on: boolean): Promise<void> {
  await life.database.owner.updateTable('firm').set({ general_retainer_enabled: on }).where('id', '=', firmId).execute()
}

describe('R1: two switches', () => {
  test('a matter of a firm that has the general retainer off is refused by name, and can enable it once the firm has', async () => {
    const firm = await createFirm(life.database.owner)
    await turn(firm.firmId, false)
    const matter = await life.matter({ firm })
    expect(await matter.save({ initial: '1000.00' })).toMatchObject(refused('GeneralRetainerNotTurnedOn'))
    expect((await matter.figures()).phase).toBe('DISABLED')
    await turn(firm.firmId, true)
    expect(await matter.save({ initial: '1000.00' })).toMatchObject({ ok: true })
  })

  test('the firm’s currency is fixed at its first enabled matter', async () => {
    const matter = await life.matter()
    const inEuro = { kind: 'saveOptions', currency: 'EUR', options: { ...NO_OPTIONS, enabled: true } } as const
    expect(await matter.send(inEuro)).toMatchObject({ refusal: { code: 'CurrencyMismatch', expected: 'USD' } })
    await matter.save({})
    const { currency_fixed } = await life.database.owner
      .selectFrom('firm')
      .select('currency_fixed')
      .where('id', '=', life.firm.firmId)
      .executeTakeFirstOrThrow()
    expect(currency_fixed).toBe(true)
  })
})

describe('R21: why', () => {
  test('why did, or didn’t, the client get a mail on 3 March? The books say, with rule and figures', async () => {
    await life.until('2057-02-10T12:00:00Z')
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await life.until('2057-02-17T12:00:00Z')
    await matter.createOnline()
    await life.until('2057-02-25T12:00:00Z')
    await matter.debitPending('pi_on_its_way', '1000.00')
    await life.until('2057-03-04T12:00:00Z')

    const onThirdOfMarch = await life.database.owner
      .selectFrom('decision')
      .select(['rule', 'code', 'inputs'])
      .where('matter_id', '=', matter.id)
      .where('at', '>=', new Date('2057-03-03T00:00:00-05:00'))
      .execute()
    const inputs = { nth: 2, requestNumber: 1, pendingMinor: '100000' }
    expect(onThirdOfMarch).toEqual([{ rule: 'R9', code: 'REMINDER_SKIPPED', inputs }])
    const handle = life.engine.client.workflow.getHandle(matter.workflowId)
    const [latest] = await handle.query(queries.recentDecisions)
    expect(latest).toEqual({
      at: '2057-03-03 14:00',
      rule: 'R9',
      sentence: 'Reminder 2 was skipped: nothing was live to ask for.',
    })
  })
})
