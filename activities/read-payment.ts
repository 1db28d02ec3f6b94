import type { Database } from '../src/db/pool.ts'
import type { PaymentMethod } from '../src/domain/plan.ts'
import { reading } from './effects.ts'

/** A deposit as the books have it, at the moment it was booked. Amounts in minor units. */
export interface BookedPayment {
  amountMinor: bigint
  at: Date
  /** In words. */
  method: string
  /** What a client or bookkeeper finds it by. */
  reference: string
  balanceAfterMinor: bigint
  dueAfterMinor: bigint
  /** What was paid beyond the amount due before it, as decided (R14). */
  excessMinor: bigint
}

interface PaymentOfMatter {
  firmId: string
  matterId: string
  paymentId: string
}

/** Reads what deposited a payment on a matter: it came, or was taken out of unapplied funds, there the last time (R15). */
export async function readPayment(
  db: Database,
  { firmId, matterId, paymentId }: PaymentOfMatter,
): Promise<BookedPayment> {
  const row = await reading(
    db
      .selectFrom('posting')
      .innerJoin('entry', (join) =>
        join.onRef('entry.posting_id', '=', 'posting.id').on('entry.account', '=', 'RETAINER'),
      )
      .innerJoin('command', (join) =>
        join.onRef('command.firm_id', '=', 'posting.firm_id').onRef('command.key', '=', 'posting.command_key'),
      )
      .leftJoin('decision', (join) =>
        join
          .onRef('decision.matter_id', '=', 'command.matter_id')
          .onRef('decision.version', '=', 'command.version')
          .on('decision.code', '=', 'DEPOSITED'),
      )
      .leftJoin('memo', (join) =>
        join
          .onRef('memo.firm_id', '=', 'command.firm_id')
          .onRef('memo.key', '=', 'command.key')
          .onRef('memo.input_hash', '=', 'command.input_hash'),
      )
      .innerJoin('payment', (join) =>
        join.onRef('payment.firm_id', '=', 'posting.firm_id').on('payment.id', '=', paymentId),
      )
      .select([
        'posting.at',
        'entry.amount_minor',
        'entry.balance_after_minor',
        'command.outcome',
        'decision.inputs as deposited',
        'memo.body as memo',
        'payment.method',
      ])
      .where('posting.firm_id', '=', firmId)
      .where('entry.matter_id', '=', matterId)
      .where(({ or, eb, fn, val }) =>
        or([
          eb('posting.key', '=', `payment:${paymentId}`),
          fn<boolean>('starts_with', ['posting.key', val(`assignment:${paymentId}:`)]),
        ]),
      )
      .orderBy('posting.id', 'desc')
      .executeTakeFirstOrThrow(),
  )
  return {
    amountMinor: row.amount_minor,
    at: row.at,
    method: IN_WORDS[row.method as PaymentMethod],
    reference: row.memo ?? paymentId,
    balanceAfterMinor: row.balance_after_minor ?? 0n,
    dueAfterMinor: minorOf(row.outcome, 'amountDueMinor'),
    excessMinor: minorOf(row.deposited, 'excessMinor'),
  }
}

const IN_WORDS: Record<PaymentMethod, string> = {
  CARD: 'Card',
  BANK_DEBIT: 'Bank account',
  OFFLINE: 'Check or bank transfer',
}

const minorOf = (record: unknown, name: string): bigint =>
  BigInt((record as Record<string, string> | null)?.[name] ?? '0')
