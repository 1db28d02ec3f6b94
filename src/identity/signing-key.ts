import path from 'node:path'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { createOnce } from '../stack/create-once.ts'

/** Algorithm of the development key. */
export const SIGNING_ALGORITHM = 'ES256'

/** The development identity provider's key pair. */
export type SigningKey = { privateKey: CryptoKey; publicJwk: JWK; keyId: string }

/** Reads the key pair from `<dataDir>/identity-key.json` (mode 0600); the first use of a data folder generates it. */
export async function loadSigningKey(dataDir: string): Promise<SigningKey> {
  const file = path.join(dataDir, 'identity-key.json')
  const jwk = JSON.parse(await createOnce(file, generate)) as JWK
  const { d: _private, ...publicPart } = jwk
  const keyId = await calculateJwkThumbprint(publicPart)
  const privateKey = (await importJWK(jwk, SIGNING_ALGORITHM)) as CryptoKey
  return { privateKey, keyId, publicJwk: { ...publicPart, kid: keyId, alg: SIGNING_ALGORITHM, use: 'sig' } }
}

async function generate(): Promise<string> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  return JSON.stringify(await exportJWK(privateKey))
}
