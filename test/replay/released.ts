import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { temporal } from '@temporalio/proto'
import { Worker, type WorkerOptions } from '@temporalio/worker'

/** Histories by the version of the package that made them: `<version>/<the test that lived them>.json.gz`. */
export const RELEASED = fileURLToPath(new URL('released/', import.meta.url))

/** A run as it is kept: what `temporal workflow show --output json` gives of it. */
export interface KeptRun {
  workflowId: string
  history: temporal.api.history.v1.IHistory
}

export interface Replayed {
  /** `<version>/<file>` */
  file: string
  workflowId: string
  /** What today's code does otherwise, as the engine says it. */
  error?: string
}

/** The files of every released version, in order. */
export async function releasedFiles(): Promise<string[]> {
  const files = await readdir(RELEASED, { recursive: true })
  return files.filter((file) => file.endsWith('.json.gz')).toSorted()
}

/** The runs in one of them. */
export async function readReleased(file: string): Promise<KeptRun[]> {
  const json = await promisify(gunzip)(await readFile(RELEASED + file))
  return JSON.parse(json.toString()) as KeptRun[]
}

/** Gives each history again to the workflow code of `workflowBundle`. */
export async function* replayReleased(
  workflowBundle: NonNullable<WorkerOptions['workflowBundle']>,
  files: string[],
): AsyncGenerator<Replayed> {
  for (const file of files) {
    const runs = await readReleased(file)
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, runs)) {
      yield { file, workflowId, ...(error && { error: error.message }) }
    }
  }
}
