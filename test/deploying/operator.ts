import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { World } from '../../src/simulation/world/world.ts'

/** Types `npm run versions -- ...` and reads what it says; a failure's words come after `failed: `. */
export const operator =
  ({ engine }: Pick<World, 'engine'>, deploymentName: string) =>
  async (...words: string[]): Promise<string> => {
    const env = {
      PATH: process.env['PATH'],
      TEMPORAL_ADDRESS: engine.address,
      TEMPORAL_NAMESPACE: engine.namespace ?? 'default',
      TEMPORAL_DEPLOYMENT_NAME: deploymentName,
    }
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['src/deployment/main.ts', ...words], { env })
      return stdout.trim()
    } catch (error) {
      return `failed: ${(error as { stderr: string }).stderr.trim()}`
    }
  }
