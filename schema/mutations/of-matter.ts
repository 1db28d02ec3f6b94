import { builder } from '../builder.ts'
import { keyField } from '../inputs.ts'
import { Matter } from '../matter.ts'

/** The input of a command that needs to know no more than the matter. */
export const matterInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      idempotencyKey: keyField(t),
      matterId: t.globalID({ for: Matter, description: 'The matter. Errors: NOT_FOUND.' }),
    }),
  })

/** The field that the payload of every command to a matter has. */
export const matterField = { type: Matter, description: 'The matter after it.' } as const

/** The payload of a command after which there is no more to say than how the matter stands. */
export const matterPayload = (name: string, description: string) =>
  builder.objectRef<{ matterId: string }>(name).implement({
    description,
    fields: (t) => ({ matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }) }),
  })
