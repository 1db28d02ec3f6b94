import { randomUUID } from 'node:crypto'
import { enterDemoFirm } from '../../src/demo/firm.ts'
import { developmentToken, GraphQLClient } from '../../src/demo/graphql-client.ts'
import { FirmDesk } from '../../src/demo/operations.ts'
import { PREPARE_STEPS } from '../../src/stack/prepare.ts'
import { type Stack, startStack } from '../../src/stack/stack.ts'
import { expectNobodyNamedByStack } from '../privacy/nobody-named.ts'

export interface WholeStack {
  stack: Stack
  desk: FirmDesk
  /** The API as the firm’s administrator. */
  api: GraphQLClient
  outboxUrl: string
  sandboxUrl: string
  webUiUrl: string
}

const PORTS = ['API', 'WORKER_HEALTH', 'STRIPE_SANDBOX', 'OUTBOX', 'IDENTITY', 'TEMPORAL', 'TEMPORAL_UI', 'POSTGRES']

/** The whole product as `npm start` runs it, on free ports and a folder of its own, with a firm at its desk. */
export async function startWholeStack(): Promise<WholeStack> {
  const ports = Object.fromEntries(PORTS.map((name) => [`${name}_PORT`, '0']))
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...ports }
  const stack = await startStack({ env, report: () => undefined, prepare: PREPARE_STEPS, temporary: true })
  try {
    const { urls } = stack
    await enterDemoFirm(stack.env.DATABASE_URL)
    const token = await developmentToken(urls.token ?? '', ['ADMIN'])
    const api = new GraphQLClient(urls.graphql, token)
    const desk = new FirmDesk(api, randomUUID())
    return {
      stack: { ...stack, stop: () => searchedAndStopped(stack) },
      desk,
      api,
      outboxUrl: urls.outbox ?? '',
      sandboxUrl: urls.sandbox ?? '',
      webUiUrl: urls.temporalUi ?? '',
    }
  } catch (error) {
    await stack.stop()
    throw error
  }
}

async function searchedAndStopped(stack: Stack): Promise<void> {
  try {
    await expectNobodyNamedByStack(stack.env)
  } finally {
    await stack.stop()
  }
}

/** A matter whose client has been asked for `initial`; gives its id and the mail's link. */
export async function askedMatter(desk: FirmDesk, initial: string): Promise<{ matterId: string; payUrl: string }> {
  await desk.turnGeneralRetainerOn()
  const client = await desk.createClient('Ada Byron', 'ada.byron@client.example')
  const matterId = await desk.createMatter(client, randomUUID().slice(0, 8), 'Byron v. Analytical Engines')
  await desk.saveOptions(matterId, { initial })
  await desk.createOnline(matterId)
  await desk.settled(matterId)
  return { matterId, payUrl: await desk.payUrl(matterId) }
}

/** Subjects of the mails to `address`, oldest first. */
export async function mailsTo(outboxUrl: string, address: string): Promise<string[]> {
  const response = await fetch(`${outboxUrl}/_control/emails?to=${encodeURIComponent(address)}`)
  return ((await response.json()) as { subject: string }[]).map(({ subject }) => subject)
}
