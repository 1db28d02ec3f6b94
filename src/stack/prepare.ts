import { temporalConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import type { Neighbour } from './config.ts'
import type { StackEnv } from './environment.ts'
import { prepareTemporal } from './prepare-temporal.ts'

/** Work between a neighbour being up and the application being started. It runs at every start: it must be repeatable. */
export type PrepareStep = {
  /** Said while it runs and when it fails. */
  title: string
  /** The neighbour, embedded or real, that must be up. */
  after: Extract<Neighbour, 'postgres' | 'temporal'>
  run: (env: StackEnv) => Promise<void>
}

/** What the application needs done to its neighbours, in this order for each. */
export const PREPARE_STEPS: PrepareStep[] = [
  {
    title: 'Migrations',
    after: 'postgres',
    run: (env) =>
      migrate({ ownerUrl: env.DATABASE_URL, workerUrl: env.DATABASE_WORKER_URL, apiUrl: env.DATABASE_API_URL }),
  },
  {
    title: 'Search attributes',
    after: 'temporal',
    run: async (env) => {
      await prepareTemporal(temporalConfig(env))
    },
  },
]
