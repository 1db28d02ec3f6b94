import { describe, expect, test } from 'vitest'
import { enabled, paidUp } from './story.ts'

describe('R8: the open request follows the money', () => {
  const topUpOf500 = () => {
    const story = paidUp('1000', { replenishment: true, minimum: '1500', trigger: '0' })
    story.createOnline()
    story.mails()
    return story
  }

  test('its number and link never change; its amount is what it received and what is due', () => {
    const story = topUpOf500()
    const { id } = story.state.openRequest ?? {}
    story.pays('200')
    story.invoice('100')
    expect(story.request).toEqual({ number: 2, kind: 'TOP_UP', amount: '600.00', received: '200.00' })
    expect(story.state.openRequest?.id).toBe(id)
  })

  test('it is INITIAL while any of the initial amount remains, then TOP_UP', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '5000', trigger: '0' })
    story.createOnline()
    expect(story.request?.kind).toBe('INITIAL')
    story.pays('999.99')
    expect(story.request?.kind).toBe('INITIAL')
    story.pays('0.01')
    expect(story.request).toEqual({ number: 1, kind: 'TOP_UP', amount: '5000.00', received: '1000.00' })
  })

  test('raising the minimum restates it, and mails nobody', () => {
    const story = topUpOf500()
    story.save({ minimum: '2500' })
    expect([story.request?.amount, story.mails()]).toEqual(['1500.00', []])
  })

  test('lowering the minimum restates it, and mails nobody', () => {
    const story = topUpOf500()
    story.save({ minimum: '1200' })
    expect([story.request?.amount, story.mails()]).toEqual(['200.00', []])
  })

  test('lowering the minimum to the balance withdraws a request that received nothing', () => {
    const story = topUpOf500()
    story.save({ minimum: '1000' })
    expect([story.request, story.history.at(-1), story.mails()]).toEqual([null, 'WITHDRAWN 0.00', []])
  })

  test('lowering the minimum to the balance satisfies a request that received something', () => {
    const story = topUpOf500()
    story.pays('100')
    story.save({ minimum: '1100' })
    expect([story.request, story.history.at(-1)]).toEqual([null, 'SATISFIED 100.00'])
  })

  test('paid in full it is satisfied, by card or by cheque', () => {
    const byCard = topUpOf500()
    byCard.pays('500')
    const byCheque = topUpOf500()
    byCheque.cheque('500')
    for (const story of [byCard, byCheque]) {
      expect([story.request, story.history.at(-1)]).toEqual([null, 'SATISFIED 500.00'])
    }
  })

  test('an application that is reversed can leave nothing due', () => {
    const story = topUpOf500()
    story.invoice('200', 'invoice')
    expect(story.request?.amount).toBe('700.00')
    story.save({ minimum: '900' })
    story.reverse('automatic:invoice', 'invoice', '200')
    expect([story.balance, story.due, story.history.at(-1)]).toEqual(['1000.00', '0.00', 'WITHDRAWN 0.00'])
  })

  test('while money on its way covers it, it stays open and silent; settled, it is satisfied', () => {
    const story = topUpOf500()
    story.debit('500', 'debit')
    expect([story.due, story.request]).toEqual([
      '0.00',
      { number: 2, kind: 'TOP_UP', amount: '0.00', received: '0.00' },
    ])
    story.waitDays(60)
    expect(story.mails()).toEqual([])
    story.debitSettles('debit')
    expect([story.request, story.history.at(-1)]).toEqual([null, 'SATISFIED 500.00'])
  })

  test('the debit that covered it fails: it is due again, on the same request', () => {
    const story = topUpOf500()
    story.debit('500', 'debit')
    story.debitFails('debit')
    expect(story.request).toEqual({ number: 2, kind: 'TOP_UP', amount: '500.00', received: '0.00' })
  })

  test('turning replenishment off leaves an open request for the initial amount as it is', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '400', trigger: '0' })
    story.createOnline()
    story.off()
    expect(story.request).toEqual({ number: 1, kind: 'INITIAL', amount: '1000.00', received: '0.00' })
  })

  test('emptying an initial amount that nobody paid toward withdraws its request', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.save({ initial: null })
    expect([story.request, story.history]).toEqual([null, ['WITHDRAWN 0.00']])
  })
})
