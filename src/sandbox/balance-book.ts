import type { DatabaseSync } from 'node:sqlite'

/** A balance transaction as the book knows it. */
interface Entry {
  transactionId: string
  currency: string
  /** Its money is not there yet: a bank debit that is still processing. No payout takes it. */
  held: boolean
}

/** Which balance transactions are still in the balance and which payout took the others: each is in at most one. */
export interface BalanceBook {
  enter(account: string, entry: Entry): void
  /** Ends the hold on a transaction. */
  release(transactionId: string): void
  /** What no payout has taken yet, in order of arrival. */
  unpaid(account: string): Entry[]
  /** Makes the transaction a part of the payout. */
  payOut(transactionId: string, payoutId: string): void
  /** The transactions in a payout, its own included. */
  inPayout(payoutId: string): string[]
}

/** Opens the book in the given database. */
export function openBalanceBook(db: DatabaseSync): BalanceBook {
  db.exec(`CREATE TABLE IF NOT EXISTS balance_entry (seq INTEGER PRIMARY KEY AUTOINCREMENT, transaction_id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL, currency TEXT NOT NULL, held INTEGER NOT NULL, payout_id TEXT) STRICT;
    CREATE INDEX IF NOT EXISTS balance_entry_payout ON balance_entry (account, payout_id)`)
  const insert = db.prepare('INSERT INTO balance_entry (transaction_id, account, currency, held) VALUES (?, ?, ?, ?)')
  const release = db.prepare('UPDATE balance_entry SET held = 0 WHERE transaction_id = ?')
  const unpaid = db.prepare(`SELECT transaction_id, currency, held FROM balance_entry
    WHERE account = ? AND payout_id IS NULL ORDER BY seq`)
  const assign = db.prepare('UPDATE balance_entry SET payout_id = ? WHERE transaction_id = ? AND payout_id IS NULL')
  const taken = db.prepare('SELECT transaction_id FROM balance_entry WHERE payout_id = ? ORDER BY seq')
  return {
    enter: (account, { transactionId, currency, held }) =>
      void insert.run(transactionId, account, currency, held ? 1 : 0),
    release: (transactionId) => void release.run(transactionId),
    unpaid: (account) =>
      unpaid.all(account).map((row) => ({
        transactionId: String(row.transaction_id),
        currency: String(row.currency),
        held: row.held === 1,
      })),
    payOut: (transactionId, payoutId) => void assign.run(payoutId, transactionId),
    inPayout: (payoutId) => taken.all(payoutId).map((row) => String(row.transaction_id)),
  }
}
