import { mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { RecordedRun } from '../support/recorded-runs.ts'

/** A file holds no more: what bursts bring differs a little in each of a hundred runs. */
const MOST = 40
/** Events of a run. Years of one matter are the same again and again, and slow to replay. */
const LONGEST = 500

/**
 * Keeps the histories that a test file made, without what is this machine's: who polled, and where the code lies. A run that has
 * decided nothing yet tells nothing, and one of the same course as another nothing new.
 * @throws when the machine's name or the project's folder still stands in them
 */
export async function keepHistories(folder: string, name: string, runs: RecordedRun[]): Promise<void> {
  const kept = new Map<string, { workflowId: string; history: unknown }>()
  for (const { workflowId, history } of runs) {
    const events = history.events ?? []
    if (events.length > LONGEST || !events.some((event) => event.workflowTaskCompletedEventAttributes)) continue
    const course = courseOf(history)
    if (!kept.has(course) && kept.size < MOST)
      kept.set(course, { workflowId, history: impersonal(JSON.parse(historyToJSON(history))) })
  }
  const text = JSON.stringify([...kept.values()])
  for (const ours of [`@${hostname()}`, process.cwd()]) {
    if (text.includes(ours)) throw new Error(`The histories of ${name} hold ${ours}, which is this machine's own.`)
  }
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, `${name}.json.gz`), await promisify(gzip)(text, { level: 9 }))
}

/** What happened in a run, one after the other, without ids, amounts and times. */
function courseOf({ events }: RecordedRun['history']): string {
  return (events ?? [])
    .map((event) => {
      const activity = event.activityTaskScheduledEventAttributes?.activityType?.name
      const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name
      const signal = event.workflowExecutionSignaledEventAttributes?.signalName
      return `${event.eventType} ${activity ?? update ?? signal ?? ''}`
    })
    .join('\n')
}

function impersonal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(impersonal)
  if (value === null || typeof value !== 'object') return value
  const isOneWorkersQueue = 'kind' in value && value.kind === 'TASK_QUEUE_KIND_STICKY'
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === 'identity' || (key === 'name' && isOneWorkersQueue)) return [key, 'recorded']
      return [key, key === 'stackTrace' ? '' : impersonal(item)]
    }),
  )
}
