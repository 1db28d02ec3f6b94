import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { createOnce } from './create-once.ts'

const secret = z.string().min(16)
const secretsSchema = z.object({
  postgresSuperuserPassword: secret,
  postgresOwnerPassword: secret,
  postgresWorkerPassword: secret,
  postgresApiPassword: secret,
  stripeWebhookSecret: secret,
  resendWebhookSecret: secret,
  payLinkSecret: secret,
})

/** What the embedded parts and the application share and nobody else should know. */
export type Secrets = z.infer<typeof secretsSchema>

/** Reads `<dataDir>/secrets.json` (mode 0600); the first start of a data folder generates it. */
export async function loadSecrets(dataDir: string): Promise<Secrets> {
  const file = path.join(dataDir, 'secrets.json')
  const content = await createOnce(file, () => JSON.stringify(generate(), null, 2))
  const parsed = secretsSchema.safeParse(parseJson(content))
  if (parsed.success) return parsed.data
  throw new Error(
    `${file} is damaged:\n${z.prettifyError(parsed.error)}\n` +
      `It holds the passwords of the database beside it. Restore it, or remove ${dataDir} to start with nothing.`,
  )
}

function generate(): Secrets {
  const password = (): string => randomBytes(24).toString('hex')
  return {
    postgresSuperuserPassword: password(),
    postgresOwnerPassword: password(),
    postgresWorkerPassword: password(),
    postgresApiPassword: password(),
    stripeWebhookSecret: `whsec_${password()}`,
    // Resend signs as Svix does: the part after the prefix is base64 of the key.
    resendWebhookSecret: `whsec_${randomBytes(24).toString('base64')}`,
    payLinkSecret: randomBytes(32).toString('base64url'),
  }
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
