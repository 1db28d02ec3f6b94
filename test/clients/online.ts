import { authenticator } from '../../src/api/auth.ts'
import { startApi } from '../api/support.ts'
import { startEdge } from '../edges/edge.ts'
import { startIdentity } from './identity.ts'

/**
 * The API as a frontend meets it: the process's own server, on a port, asking the identity provider about real tokens, with
 * introspection as in development. Commands are decided by the rules and committed to the real books, without an engine.
 */
export async function startOnline() {
  const identity = await startIdentity()
  const api = await startApi({ authenticate: authenticator(identity.auth), development: true })
  const edge = await startEdge(api.database.apiUrl, { graphql: (request) => api.handle(request, api.log) })
  const authorization = `Bearer ${await identity.token(api.firm)}`
  let payments = 0

  return {
    url: `${edge.url}/graphql`,
    /** What each request of an admin of the firm carries. */
    headers: { authorization },
    /** The provider says that the client has paid what was asked for first. */
    async clientPays(matterId: string, amountMinor: bigint): Promise<void> {
      const [, id = ''] = Buffer.from(matterId, 'base64').toString().split(':')
      payments += 1
      await api.books.tell(
        { firmId: api.firm.firmId, matterId: id },
        {
          kind: 'paymentSettled',
          paymentId: `pi_${payments}`,
          amountMinor,
          providerAccount: 'platform',
          requestId: `${id}-r1`,
          attemptId: null,
          method: 'CARD',
          feeMinor: null,
        },
      )
    },
    logged: api.logged,
    async close() {
      await edge.close()
      await api.close()
      await identity.close()
    },
  }
}

export type Online = Awaited<ReturnType<typeof startOnline>>
