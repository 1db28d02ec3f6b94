import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Fact } from '../../src/domain/events.ts'
import type { SignalKind } from '../../workflows/contract.ts'
import { factKey } from '../../workflows/fact-keys.ts'
import { type Api, globalId, options } from './support.ts'

type Matter = Awaited<ReturnType<Api['matter']>>
type Told = Extract<Fact, { kind: SignalKind }>

/** What the provider's events, the courier and the worker do to the books, without any of them. */
export function booked(api: Api) {
  const at = ({ id, firm }: Matter) => ({ firmId: firm.firmId, matterId: id })
  const tell = (matter: Matter, fact: Told) => api.books.tell(at(matter), fact, factKey(fact))

  async function inBooks({ firm }: Matter, paymentId: string) {
    const row = await api.database.owner
      .selectFrom('payment')
      .selectAll()
      .where('firm_id', '=', firm.firmId)
      .where('id', '=', paymentId)
      .executeTakeFirstOrThrow()
    return {
      paymentId,
      providerAccount: row.provider_account ?? '',
      paymentVersion: Number(row.version),
      unappliedMinor: row.unapplied_minor,
    }
  }

  return {
    tell,
    /** An enabled matter without anything due. */
    async enabled(owner = api.firm): Promise<Matter> {
      const matter = await api.matter(owner)
      const saved = { matterId: matter.gid, ...options(null) }
      await api.mutate('updateMatterBillingOptions', saved, '__typename', { firm: owner })
      return matter
    },
    /** The client pays; answers the payment's id. */
    async pays(
      matter: Matter,
      amountMinor: bigint,
      { method = 'CARD', feeMinor = null }: { method?: 'CARD' | 'BANK_DEBIT'; feeMinor?: bigint | null } = {},
    ): Promise<string> {
      const paymentId = `pi_${randomUUID().slice(0, 8)}`
      const where = { providerAccount: `acct_${matter.firm.firmId.slice(0, 8)}`, requestId: null, attemptId: null }
      await tell(matter, { kind: 'paymentSettled', paymentId, amountMinor, method, feeMinor, ...where })
      return paymentId
    },
    /** The provider is asked for every online part of a refund, and takes it on. */
    async sends(matter: Matter, refundId: string): Promise<string[]> {
      const { owner } = api.database
      const refund = await owner.selectFrom('refund').selectAll().where('id', '=', refundId).executeTakeFirstOrThrow()
      const rows = await owner
        .updateTable('refund_part')
        .set((row) => ({ provider_id: sql`'re_' || ${row.ref('id')}`, provider_status: 'IN_FLIGHT' }))
        .where('refund_id', '=', refundId)
        .where('means', '=', 'ONLINE')
        .returningAll()
        .execute()
      const parts = rows.map((row) => ({
        refundId,
        partId: row.id,
        paymentId: row.payment_id,
        amountMinor: row.amount_minor,
        providerAccount: row.provider_account ?? '',
        source: refund.source as 'RETAINER' | 'UNAPPLIED_FUNDS',
        status: 'IN_FLIGHT' as const,
      }))
      const sent = { effectId: randomUUID(), refundId, parts, otherMeansMinor: refund.other_means_minor }
      await api.books.tell(at(matter), { kind: 'refundSent', ...sent }, `refund:${refundId}:sent`)
      return rows.map(({ id }) => id)
    },
    /** What became of a part of a refund. */
    async partEnds(matter: Matter, partId: string, kind: 'refundTaken' | 'refundFailed'): Promise<void> {
      const row = await api.database.owner
        .selectFrom('refund_part')
        .innerJoin('refund', (join) =>
          join.onRef('refund.firm_id', '=', 'refund_part.firm_id').onRef('refund.id', '=', 'refund_part.refund_id'),
        )
        .select(['refund_id', 'payment_id', 'refund_part.amount_minor', 'provider_account', 'source'])
        .where('refund_part.id', '=', partId)
        .executeTakeFirstOrThrow()
      const part = {
        refundId: row.refund_id,
        partId,
        paymentId: row.payment_id,
        amountMinor: row.amount_minor,
        providerAccount: row.provider_account ?? '',
        source: row.source as 'RETAINER' | 'UNAPPLIED_FUNDS',
      }
      await tell(matter, kind === 'refundTaken' ? { kind, ...part } : { kind, wasTaken: false, ...part })
    },
    /** The client disputes a payment and the provider takes its money; answers the dispute's id. */
    async disputes(matter: Matter, paymentId: string, amountMinor: bigint): Promise<string> {
      const disputeId = `du_${randomUUID().slice(0, 8)}`
      const deadlineMs = Date.parse('2030-01-15T23:59:59Z')
      const opened = { disputeId, amountMinor, deadlineMs }
      await tell(matter, { kind: 'disputeOpened', ...opened, ...(await inBooks(matter, paymentId)) })
      await tell(matter, { kind: 'paymentReversed', disputeId, amountMinor, ...(await inBooks(matter, paymentId)) })
      return disputeId
    },
    /** The provider pays out what `lines` say. */
    async paysOut(payoutId: string, account: string, lines: PayoutLine[]): Promise<void> {
      const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor - line.feeMinor, 0n)
      const atMs = Date.parse('2027-03-04T12:00:00Z')
      const payout = {
        account,
        payoutId,
        status: 'PAID',
        amountMinor,
        arrivesAtMs: atMs,
        atMs,
        inboxId: null,
        inboxKeys: [],
        lines: lines.map((line, index) => ({
          paymentId: null,
          refundId: null,
          disputeId: null,
          ...line,
          id: `txn_${payoutId}_${index}`,
          atMs: atMs + index,
        })),
      }
      const body = JSON.stringify(payout, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
      await sql`select book_payout(${body}::jsonb)`.execute(api.database.owner)
    },
    /** A closed matter, and a payment that came after closing. */
    async lateMoney(amountMinor: bigint, owner = api.firm) {
      const matter = await this.enabled(owner)
      await api.mutate('closeMatter', { matterId: matter.gid }, '__typename', { firm: owner })
      const paymentId = await this.pays(matter, amountMinor)
      return { matter, paymentId, gid: globalId('Payment', paymentId) }
    },
  }
}

interface PayoutLine {
  kind: string
  amountMinor: bigint
  feeMinor: bigint
  paymentId?: string
  refundId?: string
  disputeId?: string
}
