import { derivedUuid } from '../derived-uuid.ts'
import type { GraphQLClient } from './graphql-client.ts'
import { Impossible, patiently } from './patiently.ts'

/** How a matter's retainer stands, as the API shows it. */
export interface Figures {
  amountDue: string
  balance: string
}

export interface BillingOptions {
  initial?: string
  topUp?: { minimum: string; trigger: string }
}

export interface TrialBalance {
  debits: Amount
  credits: Amount
  accounts: { account: string; debits: Amount; credits: Amount; balance: Amount }[]
}

/** The type name of the answer: the mutation's payload, or the rule's refusal. */
type Answer = string

/**
 * The firm's side of the story, over the public API. Every key is made from what is done, so an answer that was lost on
 * the way is asked for again and nothing happens twice.
 */
export class FirmDesk {
  readonly #api: GraphQLClient
  readonly #story: string
  #steps = 0

  /** `story` makes the keys of this telling differ from those of another one on the same books. */
  constructor(api: GraphQLClient, story: string) {
    this.#api = api
    this.#story = story
  }

  async turnGeneralRetainerOn(): Promise<void> {
    await this.#mutate('updatePracticeSettings', { generalRetainerEnabled: true })
  }

  async createClient(name: string, email: string): Promise<string> {
    const { client } = await this.#mutate<{ client: { id: string } }>('createClient', { name, email }, 'client { id }')
    return client.id
  }

  async createMatter(clientId: string, number: string, title: string): Promise<string> {
    const { matter } = await this.#mutate<{ matter: { id: string } }>(
      'createMatter',
      { clientId, number, title },
      'matter { id }',
    )
    return matter.id
  }

  async saveOptions(matterId: string, { initial, topUp }: BillingOptions): Promise<Answer> {
    return this.#command('updateMatterBillingOptions', {
      matterId,
      enabled: true,
      payNewInvoices: 'AUTOMATIC',
      ...(initial && { initialAmount: usd(initial) }),
      replenishment: topUp
        ? { enabled: true, minimumBalance: usd(topUp.minimum), topUpTriggerAmount: usd(topUp.trigger) }
        : { enabled: false },
    })
  }

  createOnline = (matterId: string): Promise<Answer> => this.#command('createOnline', { matterId })

  turnReplenishmentOff = (matterId: string): Promise<Answer> => this.#command('turnReplenishmentOff', { matterId })

  recordInvoice = (matterId: string, number: string, amount: string): Promise<Answer> =>
    this.#command('recordInvoice', { matterId, number, amount: usd(amount) })

  /** The firm's books at this moment, account by account, as decimal strings. */
  async trialBalance(): Promise<TrialBalance> {
    const { viewer } = await this.#api.run<{ viewer: { trialBalance: TrialBalance } }>(
      `query TrialBalance { viewer { trialBalance { debits { amount } credits { amount }
        accounts { account debits { amount } credits { amount } balance { amount } } } } }`,
    )
    return viewer.trialBalance
  }

  /** The link that the client's mail carries. */
  async payUrl(matterId: string): Promise<string> {
    const { matter } = await this.#api.run<{ matter: { retainer: { openRequest: { payUrl: string } } } }>(
      'query PayUrl($id: ID!) { matter(id: $id) { retainer { openRequest { payUrl } } } }',
      { id: matterId },
    )
    return matter.retainer.openRequest.payUrl
  }

  /** The figures once all mails and provider calls are through, and the balance is what is expected, if anything is. */
  settled(matterId: string, expected: { balance?: string } = {}): Promise<Figures> {
    return patiently(
      `the matter settles${expected.balance ? ` at a balance of ${expected.balance}` : ''}`,
      async () => {
        const { matter } = await this.#api.run<{
          matter: { retainer: { amountDue: Amount; balance: Amount; effectsInFlight: number } }
        }>(
          'query Figures($id: ID!) { matter(id: $id) { retainer { amountDue { amount } balance { amount } effectsInFlight } } }',
          { id: matterId },
        )
        const { amountDue, balance, effectsInFlight } = matter.retainer
        const settled = effectsInFlight === 0 && (!expected.balance || balance.amount === expected.balance)
        return settled ? { amountDue: amountDue.amount, balance: balance.amount } : undefined
      },
    )
  }

  async #command(name: string, input: object): Promise<Answer> {
    const result = await this.#send<{ __typename: string }>(name, input, '')
    return result.__typename
  }

  async #mutate<Payload>(name: string, input: object, selection = ''): Promise<Payload> {
    const result = await this.#send<Payload & { __typename: string; message?: string }>(name, input, selection)
    if (result.message) throw new Impossible(`${name}: ${result.message}`)
    return result
  }

  async #send<Result>(name: string, input: object, selection: string): Promise<Result> {
    const type = name.charAt(0).toUpperCase() + name.slice(1)
    const payload = selection && `... on ${type}Payload { ${selection} }`
    const idempotencyKey = derivedUuid(`${this.#story}/${++this.#steps}/${name}`)
    const answer = await this.#api.run<Record<string, Result>>(
      `mutation ${type}($input: ${type}Input!) { ${name}(input: $input) { __typename ${payload} ... on Refusal { message } } }`,
      { input: { idempotencyKey, ...input } },
    )
    return answer[name] as Result
  }
}

interface Amount {
  amount: string
}

const usd = (amount: string) => ({ amount, currencyCode: 'USD' })
