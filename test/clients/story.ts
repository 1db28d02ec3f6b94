import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { options, type Picked, usd } from '../api/support.ts'
import type { Online } from './online.ts'

/** What the story needs of a client. Both reject when the answer has errors. */
export interface StoryClient {
  /** The data of a query or mutation, by the operation's name. */
  run(name: string, variables: object): Promise<Picked>
  /** The data of each of a subscription's events; returning the iterator ends it. */
  watch(name: string, variables: object): AsyncIterable<Picked>
}

/** The story as a frontend lives it: every operation once at least, and what a person sees after each. */
export async function tellStory(online: Online, client: StoryClient): Promise<void> {
  const send = async (name: string, input: object): Promise<Picked> => {
    const answer = await client.run(`Story${name}Mutation`, { input: { idempotencyKey: randomUUID(), ...input } })
    return Object.values(answer)[0]
  }
  const { viewer } = await client.run('StoryViewerQuery', {})
  expect(viewer).toMatchObject({ roles: ['ADMIN'], firm: { name: 'Hart, Vale & Partners' } })

  const name = `Ada ${randomUUID().slice(0, 8)}`
  const created = await send('CreateClient', { name, email: 'ada@client.example' })
  const [matter, other] = await Promise.all(
    ['Engines', 'Looms'].map(async (title) => {
      const input = { clientId: created.client.id, number: randomUUID().slice(0, 8), title }
      const answer = await send('CreateMatter', input)
      expect(answer.matter).toMatchObject({ title, client: { name }, retainer: { phase: 'DISABLED', sequence: 0 } })
      return answer.matter
    }),
  )
  const matterId = matter.id

  const events = client.watch('StoryEventsSubscription', { matterId, after: 0 })[Symbol.asyncIterator]()
  const nextEvent = async () => (await events.next()).value.retainerEvents

  const saved = await send('SaveOptions', { matterId, ...options('1000.00') })
  expect(saved.matter).toMatchObject({
    billingOptions: { enabled: true, type: 'GENERAL', initialAmount: usd('1000.00') },
    retainer: { phase: 'DUE', amountDue: usd('1000.00'), canCreateOnline: true },
  })
  const asked = await send('CreateOnline', { matterId })
  expect(asked).toMatchObject({ request: { number: 1, payUrl: expect.stringContaining('https://') } })
  expect(asked.matter.retainer).toMatchObject({ phase: 'REQUESTED', openRequest: { id: asked.request.id } })
  await online.clientPays(matterId, 100_000n)
  const locked = await send('SaveOptions', { matterId, ...options('2000.00') })
  expect(locked).toMatchObject({ __typename: 'InitialAmountLocked', lockedAt: expect.any(String) })

  expect(await nextEvent()).toMatchObject({ sequence: 1, type: 'OPTIONS_SAVED', decisions: [{ rule: 'R2' }] })
  expect(await nextEvent()).toMatchObject({ sequence: 2, type: 'CREATE_ONLINE', phase: 'REQUESTED' })
  expect(await nextEvent()).toMatchObject({
    sequence: 3,
    type: 'PAYMENT_SETTLED',
    balance: { amount: '1000.00' },
    matter: { id: matterId, retainer: { balance: usd('1000.00') } },
  })
  expect(await nextEvent()).toMatchObject({ sequence: 4, refusal: 'InitialAmountLocked' })
  await events.return?.()

  const invoiced = await send('RecordInvoice', { matterId, number: randomUUID().slice(0, 8), amount: usd('250.5') })
  expect(invoiced.invoice).toMatchObject({ paid: { amount: '250.50' }, rest: { amount: '0.00' } })
  const refunded = await send('Refund', { matterId, amount: usd('100') })
  expect(refunded).toMatchObject({ refund: { amount: { amount: '100.00' } } })
  await send('SaveOptions', { matterId: other.id, ...options(null) })
  const moved = await send('Transfer', { matterId, toMatterId: other.id, amount: usd('200') })
  expect(moved).toMatchObject({ transaction: { direction: 'OUT' }, toMatter: { retainer: { balance: usd('200.00') } } })

  const shown = await client.run('StoryMatterQuery', { id: matterId })
  expect(shown.matter.retainer).toMatchObject({ phase: 'NOTHING_DUE', balance: usd('449.50'), openRequest: null })
  const search = { filter: { search: name } }
  const matters = await everyPage((page) =>
    client.run('StoryMattersQuery', { ...page, ...search }).then((it) => it.matters),
  )
  expect(new Set(matters.map(({ title }) => title))).toEqual(new Set(['Engines', 'Looms']))
  expect(matters).toHaveLength(2)
  const tab = await everyPage((page) =>
    client.run('StoryTabQuery', { ...page, matterId }).then((it) => it.node.retainer.transactions),
  )
  expect(tab.map(({ kind, balance }) => [kind, balance.amount])).toEqual([
    ['TRANSFER', '449.50'],
    ['REFUND_COMMANDED', '649.50'],
    ['INVOICE_PAID', '749.50'],
    ['PAYMENT_SETTLED', '1000.00'],
  ])

  const sequences: number[] = []
  for await (const { retainerEvents } of client.watch('StoryEventsSubscription', { matterId, after: 4 })) {
    sequences.push(retainerEvents.sequence)
    if (sequences.length === 3) break
  }
  expect(sequences).toEqual([5, 6, 7])
  expect(online.logged(), 'nothing that nobody expected').not.toContain('"level":50')
}

async function everyPage(ask: (page: { first: number; after: string | null }) => Promise<Picked>): Promise<Picked[]> {
  const nodes: Picked[] = []
  for (let after: string | null = null; ; ) {
    const { edges, pageInfo } = await ask({ first: 1, after })
    nodes.push(...edges.map(({ node }: Picked) => node))
    if (!pageInfo.hasNextPage) return nodes
    after = pageInfo.endCursor
  }
}
