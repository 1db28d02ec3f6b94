import type { Client } from '@temporalio/client'
import { startNotice } from '../src/start-notice.ts'
import type { Notice } from './books-wire.ts'

export type NoticeActivities = ReturnType<typeof noticeActivities>

/** Notices to firms of what belongs to no matter. */
export function noticeActivities({ temporal }: { temporal: Client }) {
  return {
    /** Starts a workflow for each; whoever found the same before, or a recovery, may have done so already. */
    async startNotices(notices: Notice[]): Promise<void> {
      for (const notice of notices) await startNotice(temporal, notice)
    },
  }
}
