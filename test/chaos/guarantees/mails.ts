import { sql } from 'kysely'
import type { StoredEmail } from '../../../src/outbox/mailbox.ts'
import type { Practice } from '../../practice/practice.ts'
import type { Guarantee } from './guarantee.ts'
import { IN_FLIGHT_MS } from './patience.ts'

/** What must hold of the mails. */
export const OF_THE_MAILS: Guarantee[] = [
  {
    rules: 'R12',
    says: 'every mail is sent once, and none is missing',
    breaches: ({ practice }) => miscounted(practice),
  },
  {
    rules: 'R10',
    says: 'nothing is sent after off, a withdrawal or a close',
    breaches: async ({ practice, diary }) => {
      const asking = await askingMails(practice)
      return [
        ...asking.filter(({ planned_while_off }) => planned_while_off).map(({ id }) => `${id}: planned while off`),
        ...diary.stopped.flatMap(({ matterId, answeredAtMs }) =>
          asking
            .filter((mail) => mail.matter_id === matterId && wasStopped(mail, answeredAtMs))
            .map(tooLate(answeredAtMs)),
        ),
      ]
    },
  },
]

const ONCE_PER_SUBJECT = ['RECEIPT', 'PAYMENT_RECEIVED', 'REFUND_NOTICE']

async function miscounted({ db, outbox }: Practice): Promise<string[]> {
  const mails = await outbox.emails()
  const effects = await db.selectFrom('effect').select(['id', 'status', 'failure']).where('kind', '=', 'MAIL').execute()
  const sent = countBy(mails, ({ idempotency_key }) => idempotency_key ?? 'no key')
  const known = new Set(effects.map(({ id }) => id))
  const subjects = await sql<{ subject: string; ids: string[] }>`
    select body->>'template' || ' of ' || (body->>'subjectId') as subject, array_agg(id) as ids from effect
    where kind = 'MAIL' and status = 'DONE' and body->>'template' = any(${ONCE_PER_SUBJECT})
    group by matter_id, 1 having count(*) > 1`.execute(db)
  const deposits = await sql<{ subject: string }>`
    select template || ' of ' || payment as subject from (
      select inputs->>'paymentId' as payment, matter_id from decision where code = 'DEPOSITED'
    ) as deposited cross join unnest(array['RECEIPT', 'PAYMENT_RECEIVED']) as template
    where not exists (
      select from effect where effect.matter_id = deposited.matter_id and status = 'DONE'
        and body->>'template' = template and body->>'subjectId' = payment
    )`.execute(db)
  return [
    ...[...sent].filter(([, times]) => times > 1).map(([key, times]) => `${key}: sent ${times} times`),
    ...[...sent.keys()].filter((key) => !known.has(key)).map((key) => `${key}: sent, and never planned`),
    ...effects
      .filter(({ id, status }) => status === 'DONE' && !sent.has(id))
      .map(({ id }) => `${id}: done, and never sent`),
    ...effects.filter(({ status }) => status === 'FAILED').map(({ id, failure }) => `${id}: given up (${failure})`),
    ...subjects.rows.map(({ subject, ids }) => `${subject}: sent as ${ids.join(' and ')}`),
    ...deposits.rows.map(({ subject }) => `${subject}: missing`),
  ]
}

interface AskingMail {
  id: string
  matter_id: string
  planned_at: Date
  /** When its request had been frozen or closed since it was planned, as the matter's decisions date it. */
  ended_at: Date | null
  planned_while_off: boolean
  acceptedAtMs: number
}

/** The mails that ask a client for money and were sent, with what has become of their requests. */
async function askingMails({ db, outbox }: Practice): Promise<AskingMail[]> {
  const accepted = new Map((await outbox.emails()).map((mail) => [mail.idempotency_key, acceptedAtMs(mail)]))
  const { rows } = await sql<Omit<AskingMail, 'acceptedAtMs'>>`
    select effect.id, effect.matter_id, planned_at,
      least(request.closed_at, (
        select min(at) from decision where decision.matter_id = effect.matter_id and at >= planned_at
          and code = 'TURNED_OFF_REQUEST_FROZEN' and (inputs->>'requestNumber')::int = request.number
      )) as ended_at,
      (
        select code like 'TURNED_OFF%' and code <> 'TURNED_OFF_INITIAL_LIVES_ON' from decision
        where decision.matter_id = effect.matter_id and code like 'TURNED_O%' and at < planned_at
        order by version desc, line desc limit 1
      ) is true and not exists (
        -- What a person asks for is asked for: what remains of the initial amount.
        select from command where command.matter_id = effect.matter_id and kind = 'createOnline' and at = planned_at
      ) as planned_while_off
    from effect join request on request.id = body->>'subjectId'
    where effect.kind = 'MAIL' and body->>'template' in ('REQUEST', 'REMINDER')`.execute(db)
  return rows.flatMap((row) => {
    const atMs = accepted.get(row.id)
    return atMs === undefined ? [] : [{ ...row, acceptedAtMs: atMs }]
  })
}

/** Whether the act that was answered then had ended or frozen its request, and yet it came: later than what was in flight. */
const wasStopped = ({ planned_at, ended_at, acceptedAtMs: atMs }: AskingMail, answeredAtMs: number): boolean =>
  ended_at !== null &&
  planned_at <= ended_at &&
  ended_at.getTime() <= answeredAtMs &&
  atMs > answeredAtMs + IN_FLIGHT_MS

const tooLate =
  (answeredAtMs: number) =>
  ({ id, acceptedAtMs: atMs }: AskingMail) =>
    `${id}: sent ${((atMs - answeredAtMs) / 1_000).toFixed(1)} s after it was stopped`

const acceptedAtMs = ({ created_at }: StoredEmail): number => Date.parse(created_at)

function countBy<T>(items: T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}
