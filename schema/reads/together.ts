import { asFirm, type Database } from '../../src/db/pool.ts'
import type { Firmly } from '../reading.ts'

type Work<T> = (trx: Firmly) => Promise<T>

/** Of PostgreSQL: another statement of the transaction has failed. */
const ABORTED_BY_ANOTHER = '25P02'

/**
 * Reads as a firm. What the fields of one request ask for at once shares a transaction: beginning and ending one costs more than
 * most reads. Each has its own result, and one that fails takes no other with it. For reading only.
 */
export function readTogether(db: Database, firmId: string): <T>(work: Work<T>) => Promise<T> {
  let asked: ((trx: Promise<Firmly>) => Promise<void>)[] = []

  async function readAll(): Promise<void> {
    const reads = asked
    asked = []
    const { promise: begun, resolve, reject } = Promise.withResolvers<Firmly>()
    const done = Promise.all(reads.map((read) => read(begun)))
    try {
      await asFirm(db, firmId, (trx) => {
        resolve(trx)
        return done
      })
    } catch (error) {
      // If it has begun, every read has its result by now, and there is nothing to lose in how it ended.
      reject(error)
    }
  }

  return <T>(work: Work<T>) =>
    new Promise<T>((resolve, reject) => {
      const isFirst = asked.length === 0
      asked.push(async (begun) => {
        try {
          resolve(await work(await begun))
        } catch (error) {
          if ((error as { code?: unknown }).code !== ABORTED_BY_ANOTHER) reject(error)
          else resolve(asFirm(db, firmId, work))
        }
      })
      // Behind the loaders, which collect for as long as promises are resolved.
      if (isFirst) setImmediate(() => void readAll())
    })
}
