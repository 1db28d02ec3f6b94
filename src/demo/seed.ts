import { DEVELOPMENT_ISSUER } from '../identity/development.ts'
import { mintToken, tokenRequest } from '../identity/mint.ts'
import { loadSigningKey } from '../identity/signing-key.ts'
import { localHttp, type StackEnv } from '../stack/environment.ts'
import { demoMatter, enterDemoFirm } from './firm.ts'
import { GraphQLClient } from './graphql-client.ts'
import { FirmDesk } from './operations.ts'

const NUMBER = '2026-001'

/** The matter that was seeded, by its id; null where none was. */
export const firstMatter = ({ DATABASE_URL }: StackEnv): Promise<string | null> => demoMatter(DATABASE_URL, NUMBER)

/**
 * A first matter to look at, at a demo firm: enabled, and its client asked for 1,000.00. Goes through the public API with
 * keys of its own, so it can be repeated. With a real identity provider only the firm is entered: no token can be had here.
 */
export async function seedDemoFirm(env: StackEnv): Promise<void> {
  await enterDemoFirm(env.DATABASE_URL)
  if (env.AUTH_ISSUER !== DEVELOPMENT_ISSUER) return
  const key = await loadSigningKey(env.DATA_DIR)
  const token = await mintToken(key, tokenRequest.parse({ roles: ['ADMIN'] }))
  const desk = new FirmDesk(new GraphQLClient(`${localHttp(Number(env.API_PORT))}/graphql`, token), 'seed')
  await desk.turnGeneralRetainerOn()
  const client = await desk.createClient('Ada Byron', 'ada.byron@client.example')
  const matter = await desk.createMatter(client, NUMBER, 'Byron v. Analytical Engines')
  await desk.saveOptions(matter, { initial: '1000.00', topUp: { minimum: '500.00', trigger: '250.00' } })
  await desk.createOnline(matter)
}
