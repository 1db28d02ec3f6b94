import type { RetainerPhase } from '../src/domain/projection.ts'
import { builder } from './builder.ts'

export const RetainerPhaseEnum = builder.enumType('RetainerPhase', {
  description: 'Where a retainer stands, in one word.',
  values: {
    DISABLED: { description: 'The matter has not enabled its retainer (R1).' },
    NOTHING_DUE: { description: 'Enabled, and nothing is due (R4).' },
    DUE: { description: 'Something is due and nobody has asked for it yet (R4).' },
    REQUESTED: { description: 'A request is open and the client has been asked (R5).' },
    PAYMENT_ON_ITS_WAY: { description: 'A request is open, and money on its way covers it (R8, R13).' },
    FROZEN: { description: 'Replenishment is off: the open request can be paid and is never sent again (R10).' },
    CLOSING: { description: 'The matter is closing and its retainer not yet used up (R20).' },
    CLOSED: { description: 'The matter is closed (R20).' },
  } satisfies Record<RetainerPhase, object>,
})
