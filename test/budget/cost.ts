import { temporal } from '@temporalio/proto'

type HistoryEvent = temporal.api.history.v1.IHistoryEvent

const { EventType } = temporal.api.enums.v1

/** What a stretch of a history costs: events, and Actions as Temporal Cloud bills them, by what they are for. */
export interface Cost {
  /** The most there can be: as if no two outcomes had come with one workflow task. */
  events: number
  actions: number
  /** `activities 2, commits 1, ...`, to explain a difference. */
  breakdown: string
}

/** One Action each, by https://docs.temporal.io/cloud/actions. */
const BILLED = new Map([
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, 'starts'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, 'signals'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, 'updates'],
  [EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, 'activities'],
  [EventType.EVENT_TYPE_TIMER_STARTED, 'timers'],
  [EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES, 'search attributes'],
])

/**
 * Counts what a history shows. Not in it, and so not counted: queries (the Web UI's and an operator's), heartbeats, and updates
 * refused by their form.
 */
export function costOf(events: HistoryEvent[]): Cost {
  const kinds = events.flatMap((event) => {
    const kind = BILLED.get(event.eventType ?? 0)
    return kind ? [kind] : []
  })
  // A retry is one each, and the history shows only how many there were.
  const retries = events.flatMap((event) =>
    Array<string>((event.activityTaskStartedEventAttributes?.attempt ?? 1) - 1).fill('retries'),
  )
  // All local activities of one workflow task are one.
  const tasksWithLocal = new Set(
    events.flatMap(({ markerRecordedEventAttributes: marker }) =>
      marker ? [String(marker.workflowTaskCompletedEventId)] : [],
    ),
  )
  const all = [...kinds, ...retries, ...[...tasksWithLocal].map(() => 'commits')]
  const counts = Map.groupBy(all, (kind) => kind)
  const breakdown = [...counts].map(([kind, { length }]) => `${kind} ${length}`).join(', ')
  return { events: events.length + savedEvents(events), actions: all.length, breakdown }
}

/** Events that a task of its own for each activity's outcome would have added: the task is scheduled, started and completed. */
function savedEvents(events: HistoryEvent[]): number {
  let shared = 0
  let outcomes = 0
  for (const { eventType } of events) {
    if (eventType === EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED) outcomes += 1
    if (eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED) continue
    shared += Math.max(0, outcomes - 1)
    outcomes = 0
  }
  return shared * 3
}
