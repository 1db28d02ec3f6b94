import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseStackConfig } from '../stack/config.ts'
import { stackEnvironment } from '../stack/environment.ts'
import { PROJECT_DIR } from '../stack/programs.ts'
import { loadSecrets } from '../stack/secrets.ts'

/**
 * The worker's environment: as it is given, or else that of the stack which `npm start` runs from this folder, on the ports that
 * the variables name.
 */
export async function workerEnvironment(given: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (given['DATABASE_WORKER_URL']) return given
  const config = parseStackConfig(given, PROJECT_DIR)
  // Without it no stack has run here: what is missing is then said by name.
  if (!existsSync(path.join(config.dataDir, 'secrets.json'))) return given
  return stackEnvironment(given, config, config.ports, await loadSecrets(config.dataDir))
}
