import { builder } from './builder.ts'
import type { Role, Viewer } from './context.ts'
import { Firm } from './practice-settings.ts'
import { viewerOf } from './reading.ts'

const RoleEnum = builder.enumType('Role', {
  description: 'What a token allows.',
  values: {
    ADMIN: {
      description: 'Everything: also practice settings, closing, refunds, transfers, unapplied funds and reconciling.',
    },
    BILLER: { description: 'Reading, and clients, matters, options, requests, payments and invoices.' },
    READER: { description: 'Reading.' },
  } satisfies Record<Role, object>,
})

export const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks, as the token says.',
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'The identity provider’s name for the person.' }),
    firm: t.field({ type: Firm, description: 'The firm the token is for.', resolve: ({ firmId }) => firmId }),
    roles: t.field({ type: [RoleEnum], description: 'What the token allows.', resolve: ({ roles }) => roles }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    authScopes: { reader: true },
    description: 'Who asks. Errors: UNAUTHENTICATED.',
    resolve: (_root, _args, context) => viewerOf(context),
  }),
)
