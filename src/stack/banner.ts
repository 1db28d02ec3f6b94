import path from 'node:path'
import { retainerWorkflowId } from '../../workflows/contract.ts'
import { PROJECT_DIR } from './programs.ts'
import type { Stack } from './stack.ts'

/** The box printed when all is up, where everything is and what to do next; below it the first matter, whose address is too long for it. */
export function banner({ urls, env, dataDir }: Stack, firstMatterId: string | null): string {
  const folder = dataDir === path.join(PROJECT_DIR, '.data') ? '' : `DATA_DIR=${dataDir} `
  const rows: [string, string | undefined][] = [
    ['GraphQL, GraphiQL', urls.graphql],
    ['Temporal Web UI', urls.temporalUi],
    ['Mail sent (outbox)', urls.outbox],
    ['Stripe sandbox', urls.sandbox],
    ['A token', urls.token === undefined ? undefined : `${folder}npm run token -- --role biller`],
    ['Data and logs', dataDir],
    ['Stop', 'Ctrl-C (the next start goes on where this one was)'],
  ]
  const lines = rows.flatMap(([title, value]) => (value === undefined ? [] : [`${title.padEnd(20)}${value}`]))
  const width = Math.max(...lines.map((line) => line.length))
  const bar = '─'.repeat(width + 2)
  const box = [`╭${bar}╮`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `╰${bar}╯`]
  if (!urls.temporalUi || firstMatterId === null) return box.join('\n')
  const matter = `${urls.temporalUi}/namespaces/${env.TEMPORAL_NAMESPACE}/workflows/${retainerWorkflowId(firstMatterId)}`
  return [...box, 'A first matter, as its workflow:', matter].join('\n')
}
