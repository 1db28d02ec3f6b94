/**
 * An asynchronous update validator turns a bad input into a failing workflow task that blocks the matter; the type checker
 * does not see it.
 */
const syncValidators = {
  meta: { type: 'problem', messages: { async: 'An update validator must be synchronous.' } },
  create: (context) => ({
    Property(node) {
      const name = node.key.name ?? node.key.value
      if (name === 'validator' && node.value.async) context.report({ node: node.value, messageId: 'async' })
    },
  }),
}

export default { meta: { name: 'workflow' }, rules: { 'sync-validators': syncValidators } }
