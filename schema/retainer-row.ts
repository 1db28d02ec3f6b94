import { type BillingOptions, NO_OPTIONS } from '../src/domain/options.ts'
import { fromWire } from '../src/domain/wire.ts'
import type { ApiContext } from './context.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { retainersByMatter } from './reads/retainers.ts'

/** A retainer as the last commit left it. */
export type RetainerRow = Awaited<ReturnType<typeof retainersByMatter>>[number]

/** Loads what is made of a retainer's row, by the matter's id. */
export const retainerLoader = {
  load: (matterIds: string[], context: ApiContext) =>
    read(context, (trx, firmId) => retainersByMatter(trx, matterIds, firmId)),
  toKey: (row: RetainerRow) => row.matter_id,
  sort: true,
  loaderOptions: UNREMEMBERED,
} as const

/** The saved billing options; those of a matter that never saved any. */
export const optionsOf = ({ options }: RetainerRow): BillingOptions =>
  options ? fromWire<BillingOptions>(options) : NO_OPTIONS
