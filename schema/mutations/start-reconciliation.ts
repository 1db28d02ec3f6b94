import { idFromKey } from '../../src/api/command-gateway.ts'
import { builder } from '../builder.ts'
import { keyField } from '../inputs.ts'
import { read, viewerOf } from '../reading.ts'
import { reconciliationsById } from '../reads/reconciliations.ts'
import { Reconciliation } from '../reconciliations.ts'
import { once } from './once.ts'
import { refused, resultType } from './result.ts'

const Input = builder.inputType('StartReconciliationInput', {
  description: 'A reconciliation is of all of the firm’s books.',
  fields: (t) => ({ idempotencyKey: keyField(t) }),
})

const Payload = builder.objectRef<{ reconciliationId: string }>('StartReconciliationPayload').implement({
  description: 'It has been started, or was running already.',
  fields: (t) => ({
    reconciliation: t.field({
      type: Reconciliation,
      nullable: true,
      description:
        'The run: null until its first step, and when another one was running, which `Viewer.reconciliations` shows.',
      resolve: ({ reconciliationId }) => reconciliationId,
    }),
  }),
})

builder.mutationField('startReconciliation', (t) =>
  t.field({
    type: resultType(Payload, ['IdempotencyKeyReused']),
    authScopes: { admin: true },
    description:
      'Compares the firm’s books with themselves, its matters’ workflows and the provider, as is done every night. It never changes money: ' +
      'what does not agree is listed, and the firm is told. One runs at a time.',
    args: { input: t.arg({ type: Input, description: 'Its key.' }) },
    resolve: async (_root, { input: { idempotencyKey: key } }, context) => {
      const { firmId } = viewerOf(context)
      const reconciliationId = idFromKey(firmId, key)
      const asked = { key, kind: 'startReconciliation', input: {} }
      const answer = await once(context, asked, async () => ({ id: reconciliationId }))
      if (answer.refusal) return refused(context, answer.refusal)
      // After the key is kept, and again whenever it is repeated, until the run has begun: a start that was lost costs nothing.
      const [begun] = await read(context, (trx) => reconciliationsById(trx, [reconciliationId], firmId))
      if (!begun) await context.startReconciliation(firmId, reconciliationId)
      return { reconciliationId }
    },
  }),
)
