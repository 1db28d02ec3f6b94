import { Impossible, patiently } from './patiently.ts'

interface GraphQLAnswer {
  data?: unknown
  errors?: { message: string; extensions?: { code?: string } }[]
}

/** Codes of passing trouble: asking again with the same idempotency key is safe. */
const PASSING = new Set(['COMMAND_UNANSWERED', 'TEMPORARILY_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'])

/** A client of the public API that waits out the fall of any part of the stack. */
export class GraphQLClient {
  readonly #url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  /** Runs one operation. @throws Impossible with the API's messages when it will not be had. */
  async run<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    return patiently('the API answers', async () => {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(20_000),
      })
      const { data, errors } = (await response.json()) as GraphQLAnswer
      if (!errors) return data as T
      const said = errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`).join('; ')
      if (errors.every(({ extensions }) => PASSING.has(extensions?.code ?? ''))) throw new Error(said)
      throw new Impossible(said)
    })
  }
}

/** A development token for the demo firm, from the stack's identity provider. */
export function developmentToken(tokenUrl: string, roles: string[]): Promise<string> {
  return patiently('the identity provider gives a token', async () => {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ roles }),
    })
    const { access_token } = (await response.json()) as { access_token?: string }
    return access_token
  })
}
