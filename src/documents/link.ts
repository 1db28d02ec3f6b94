import { createHmac } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'

/**
 * Links to documents that a browser or a spreadsheet opens without a token. A link is a JWT that says firm, document and
 * period, signed for fifteen minutes: nothing is stored, nothing in it can be changed, and an old one opens nothing.
 */

const VALID_FOR = '15 minutes'
const ALGORITHM = 'HS256'

const day = z.iso.date()
const period = { firmId: z.uuid(), from: day, to: day }
const CONTENTS = {
  statement: z.object({ ...period, matterId: z.uuid() }),
  /** A closed matter's statement over its whole life (R20). */
  'final-statement': z.object({ firmId: z.uuid(), matterId: z.uuid() }),
  'journal.csv': z.object(period),
} as const

/** What a document is of, by its name, which is also its path. Days are the firm's, both inclusive. */
export type DocumentContents = { [Name in keyof typeof CONTENTS]: z.output<(typeof CONTENTS)[Name]> }
export type DocumentName = keyof DocumentContents

export interface DocumentLinks {
  /** The address that opens this document for the next fifteen minutes. */
  urlOf<Name extends DocumentName>(name: Name, contents: DocumentContents[Name]): Promise<string>
  /** What a link to `name` opens; null for one that is forged, changed, too old, or of another document. */
  contentsOf<Name extends DocumentName>(name: Name, link: string): Promise<DocumentContents[Name] | null>
}

/** Makes and reads links. `secret` is PAY_LINK_SECRET: the key is derived from it, so that no link is also a payment's. */
export function documentLinks({ secret, publicUrl }: { secret: string; publicUrl: string }): DocumentLinks {
  const key = createHmac('sha256', secret).update('document links').digest()
  return {
    async urlOf(name, contents) {
      const link = await new SignJWT({ ...contents })
        .setProtectedHeader({ alg: ALGORITHM })
        .setAudience(name)
        .setIssuedAt()
        .setExpirationTime(VALID_FOR)
        .sign(key)
      return `${publicUrl}/documents/${name}?link=${link}`
    },
    async contentsOf(name, link) {
      try {
        const { payload } = await jwtVerify(link, key, {
          audience: name,
          algorithms: [ALGORITHM],
          requiredClaims: ['exp'],
        })
        return CONTENTS[name].parse(payload) as DocumentContents[typeof name]
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null
        throw error
      }
    },
  }
}
