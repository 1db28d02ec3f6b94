import type { Practice } from '../../practice/practice.ts'
import { openWork } from '../../practice/settle.ts'
import type { Diary } from '../diary.ts'
import { accountOption, stripeOf } from './at-provider.ts'
import type { Guarantee } from './guarantee.ts'

/** What must not be left behind, and who must not be left without an answer. */
export const OF_WHAT_IS_LEFT: Guarantee[] = [
  {
    rules: 'R12',
    says: 'every event is booked, every effect carried out',
    breaches: ({ practice }) => openWork(practice),
  },
  {
    rules: 'R10, R20',
    says: 'nothing withdrawn can still be paid',
    breaches: ({ practice }) => payableInVain(practice),
  },
  { rules: 'R12', says: 'everybody got an answer', breaches: async ({ diary }) => diary.unanswered },
  {
    rules: 'R12',
    says: 'no forged event is believed',
    breaches: async ({ practice, diary }) => [...diary.wronglyReceived, ...(await believed(practice, diary))],
  },
]

/** Pages at the provider that are open although their requests are not. */
async function payableInVain(practice: Practice): Promise<string[]> {
  const ended = await practice.db.selectFrom('request').select(['id', 'status']).where('status', '<>', 'OPEN').execute()
  const statusOf = new Map(ended.map(({ id, status }) => [id, status]))
  const breaches: string[] = []
  const { sessions } = stripeOf(practice).checkout
  for (const firm of practice.firms) {
    for await (const { id, metadata } of sessions.list({ status: 'open', limit: 100 }, accountOption(firm))) {
      const status = statusOf.get(metadata?.['requestId'] ?? '')
      if (status) breaches.push(`${id}: can be paid, and its request is ${status}`)
    }
  }
  return breaches
}

/** Events about what nobody knows are kept, in case the provider comes to know, and are never booked. */
async function believed({ db }: Practice, { strangers }: Diary): Promise<string[]> {
  if (strangers.length === 0) return []
  const rows = await db.selectFrom('inbox').select(['id', 'booked_at']).where('id', 'in', strangers).execute()
  return strangers.flatMap((id) => {
    const row = rows.find((kept) => kept.id === id)
    if (!row) return [`${id}: acknowledged, and not kept`]
    return row.booked_at ? [`${id}: booked`] : []
  })
}
