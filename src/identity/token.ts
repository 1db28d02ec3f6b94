// `npm run token -- --role biller [--firm <id>] [--ttl-minutes n]`: prints a development token.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseStackConfig } from '../stack/config.ts'
import { makeDataDir } from '../stack/data-dir.ts'
import { PROJECT_DIR } from '../stack/programs.ts'
import { mintToken, tokenRequest } from './mint.ts'
import { loadSigningKey } from './signing-key.ts'

const USAGE = 'usage: npm run token -- --role admin|biller|reader [--role ...] [--firm <id>] [--ttl-minutes <n>]'

try {
  const { values } = parseArgs({
    options: {
      role: { type: 'string', multiple: true },
      firm: { type: 'string' },
      'ttl-minutes': { type: 'string' },
    },
  })
  const parsed = tokenRequest.safeParse({
    roles: values.role ?? [],
    firmId: values.firm,
    ttlMinutes: values['ttl-minutes'],
  })
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  const config = parseStackConfig(process.env, PROJECT_DIR)
  if (!config.embedded.has('identity')) {
    throw new Error('AUTH_JWKS_URL is set: tokens come from that identity provider, not from the development one.')
  }
  if (!existsSync(path.join(config.dataDir, 'identity-key.json'))) {
    console.error(`No stack has run with DATA_DIR=${config.dataDir} yet: only one that will accepts this token.`)
  }
  await makeDataDir(config.dataDir)
  console.log(await mintToken(await loadSigningKey(config.dataDir), parsed.data))
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  process.exitCode = 1
}
