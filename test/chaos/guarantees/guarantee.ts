import type { Client } from '@temporalio/client'
import type { Practice } from '../../practice/practice.ts'
import type { RecordedRun } from '../../support/recorded-runs.ts'
import type { Diary } from '../diary.ts'

/** What a run is judged by, when all is over and settled. */
export interface Evidence {
  practice: Practice
  diary: Diary
  /** Past the network that fails. */
  temporal: Client
  /** Every run of every workflow. */
  runs: RecordedRun[]
}

/** Something that holds after any life, whatever went wrong. */
export interface Guarantee {
  /** The rules it follows from. */
  rules: string
  says: string
  /** What breaks it, a line each; none where it holds. */
  breaches(evidence: Evidence): Promise<string[]>
}
