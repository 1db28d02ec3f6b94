import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { ROLES, type Role, type Viewer } from '../../schema/context.ts'

/** Signatures by a private key that only the provider has. */
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']

/** What jose says when the keys did not come, or were none: nothing is known of the token then. */
const OF_THE_PROVIDER = new Set([errors.JOSEError.code, errors.JWKSTimeout.code, errors.JWKSInvalid.code])

export interface AuthConfig {
  /** The identity provider's public keys. */
  jwksUrl: string
  issuer: string
  audience: string
}

/** Tells who sent a request; null when its bearer token is missing or not valid now. Throws when the provider cannot be asked. */
export type Authenticate = (request: Request) => Promise<Viewer | null>

/** Verifies bearer tokens of any OpenID provider. The claims `firm_id` and `roles` say for which firm and what for. */
export function authenticator({ jwksUrl, issuer, audience }: AuthConfig): Authenticate {
  const keys = createRemoteJWKSet(new URL(jwksUrl))
  return async (request) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    if (!token) return null
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
      })
      return viewerOf(payload)
    } catch (error) {
      if (error instanceof errors.JOSEError && !OF_THE_PROVIDER.has(error.code)) return null
      throw error
    }
  }
}

const claims = z.object({
  sub: z.string(),
  exp: z.number(),
  firm_id: z.uuid().transform((id) => id.toLowerCase()),
  // A provider's other roles are none of ours.
  roles: z.array(z.string()).transform((roles) => ROLES.filter((role: Role) => roles.includes(role))),
})

function viewerOf(payload: JWTPayload): Viewer | null {
  const parsed = claims.safeParse(payload)
  if (!parsed.success) return null
  const { sub: subject, firm_id: firmId, roles, exp } = parsed.data
  return { subject, firmId, roles, expiresAtMs: exp * 1_000 }
}
