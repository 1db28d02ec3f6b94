import { SignJWT } from 'jose'
import { z } from 'zod'
import { DEMO_FIRM_ID } from './demo-firm.ts'
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from './development.ts'
import { SIGNING_ALGORITHM, type SigningKey } from './signing-key.ts'

const ROLES = ['ADMIN', 'BILLER', 'READER'] as const
const MAX_TTL_MINUTES = 7 * 24 * 60
const DEFAULT_TTL_MINUTES = 8 * 60

/** What a development token may be asked for; a role in any case. */
export const tokenRequest = z.strictObject({
  roles: z
    .array(
      z
        .string()
        .transform((role) => role.toUpperCase())
        .pipe(z.enum(ROLES, { error: ({ input }) => `unknown role ${String(input)}; there are ${ROLES.join(', ')}` })),
    )
    .min(1, `at least one of ${ROLES.join(', ')}`),
  firmId: z.uuid('must be the UUID of a firm').default(DEMO_FIRM_ID),
  ttlMinutes: z.coerce
    .number()
    .positive('must be more than 0')
    .max(MAX_TTL_MINUTES, `must be ${MAX_TTL_MINUTES} (a week) at most`)
    .default(DEFAULT_TTL_MINUTES),
})

/** A validated request for a token. */
export type TokenRequest = z.output<typeof tokenRequest>

/** Mints a development token: claims `firm_id` and `roles`, and the registered ones. */
export async function mintToken(key: SigningKey, request: TokenRequest): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1_000)
  return new SignJWT({ firm_id: request.firmId, roles: request.roles })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.keyId, typ: 'JWT' })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(DEVELOPMENT_AUDIENCE)
    .setSubject(`development-${request.roles.join('-').toLowerCase()}`)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Math.round(request.ttlMinutes * 60))
    .sign(key.privateKey)
}
