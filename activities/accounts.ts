import { sql } from 'kysely'
import type { Database } from '../src/db/pool.ts'
import { firmsInNeedOf } from '../src/provider/accounts.ts'
import type { Notice } from './books-wire.ts'
import { reading } from './effects.ts'

export type AccountActivities = ReturnType<typeof accountActivities>

/** The firms' accounts at the provider. */
export function accountActivities({ db }: { db: Database }) {
  return {
    /**
     * Raises the attention of the firms that need an account which the provider refuses us: once for each time that it was
     * lost, seen to or not. Answers the mails that are still to be sent.
     */
    async noteUnreachable(account: string, atMs: number): Promise<Notice[]> {
      const firms = await reading(firmsInNeedOf(db, account))
      const lastSeen = db.selectFrom('provider_cursor').select('seen_until').where('account', '=', account)
      const lostSinceMs = (await reading(lastSeen.executeTakeFirst()))?.seen_until.getTime() ?? 0
      const notices: Notice[] = []
      for (const firmId of firms) {
        const id = `${firmId}.unreachable.${account}.${lostSinceMs}`
        await reading(tellOnce(db, { firmId, id, account, at: new Date(atMs) }))
        const mail = db.selectFrom('effect').select('body').where('id', '=', id).where('status', '=', 'PLANNED')
        const notice = (await reading(mail.executeTakeFirst()))?.body
        if (notice) notices.push(notice as unknown as Notice)
      }
      return notices
    },
  }
}

async function tellOnce(
  db: Database,
  { firmId, id, account, at }: { firmId: string; id: string; account: string; at: Date },
): Promise<void> {
  await sql`
    select tell_firm(${firmId}::uuid, ${id}, 'ACCOUNT_UNREACHABLE', ${account}, null, ${at})
    where not exists (select from effect where id = ${id})`.execute(db)
}
