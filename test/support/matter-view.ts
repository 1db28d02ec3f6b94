import type { PostingKind } from '../../src/domain/plan.ts'
import { Matter } from '../../src/simulation/world/matter.ts'

/** One matter as its books, its workflow and the outbox show it. */
export class MatterView extends Matter {
  /** What the books know of a payment of the firm. */
  payment(paymentId: string) {
    return this.parts.database.owner
      .selectFrom('payment')
      .selectAll()
      .where('firm_id', '=', this.parts.firmId)
      .where('id', '=', paymentId)
      .executeTakeFirstOrThrow()
  }

  /** The matter's entries of these kinds: `REFUND_TAKEN DEBIT REFUNDS_IN_FLIGHT 100.00`. */
  async entries(...kinds: PostingKind[]): Promise<string[]> {
    const rows = await this.parts.database.owner
      .selectFrom('entry')
      .select(['kind', 'side', 'account', 'amount_minor'])
      .where('matter_id', '=', this.id)
      .where('kind', 'in', kinds)
      .orderBy('posting_id')
      .orderBy('line')
      .execute()
    return rows.map((row) => `${row.kind} ${row.side} ${row.account} ${this.decimal(row.amount_minor)}`)
  }

  /** The mails about this matter that reached the outbox, oldest first, each with the template it was made from. */
  async letters(to: 'client' | 'firm') {
    const { outbox, database } = this.parts
    const rows = await database.owner
      .selectFrom('mail')
      .select(['effect_id', 'template', 'recipient'])
      .where('matter_id', '=', this.id)
      .execute()
    const emails = await outbox.emails()
    return emails.flatMap((email) => {
      const row = rows.find(({ effect_id }) => effect_id === email.idempotency_key)
      return row?.recipient === to.toUpperCase() ? [{ ...email, template: row.template }] : []
    })
  }

  /** As `letters`, each as template and the outbox's time in UTC: `REMINDER 2027-03-08 14:00`. */
  async mailed(to: 'client' | 'firm'): Promise<string[]> {
    const letters = await this.letters(to)
    return letters.map(({ template, created_at }) => `${template} ${created_at.slice(0, 16).replace('T', ' ')}`)
  }

  async templates(to: 'client' | 'firm'): Promise<string[]> {
    return (await this.letters(to)).map(({ template }) => template)
  }

  /** Rules and codes of the decisions so far, oldest first (R21). */
  async decisions(): Promise<string[]> {
    const rows = await this.parts.database.owner
      .selectFrom('decision')
      .select(['rule', 'code'])
      .where('matter_id', '=', this.id)
      .orderBy('version')
      .orderBy('line')
      .execute()
    return rows.map(({ rule, code }) => `${rule} ${code}`)
  }

  async status(): Promise<string> {
    return (await this.handle.describe()).status.name
  }

  /** Whether a commit, or what comes before it, waits in a regular activity. */
  async waitsForDatabase(activity: 'commitMatter' | 'owedOnInvoice' = 'commitMatter'): Promise<boolean> {
    const { events } = await this.handle.fetchHistory()
    const last = events?.findLast((event) => event.activityTaskScheduledEventAttributes)
    return last?.activityTaskScheduledEventAttributes?.activityType?.name === activity
  }

  /** The engine has a task for the matter that no worker has taken. */
  async awaitsWorker(): Promise<boolean> {
    const { events } = await this.handle.fetchHistory()
    return Boolean(events?.at(-1)?.workflowTaskScheduledEventAttributes)
  }
}
