import path from 'node:path'
import { PROJECT_DIR } from './programs.ts'
import type { Stack } from './stack.ts'

/** The box printed when all is up: where everything is and what to do next. */
export function banner({ urls, env, dataDir }: Stack): string {
  const folder = dataDir === path.join(PROJECT_DIR, '.data') ? '' : `DATA_DIR=${dataDir} `
  const rows: [string, string | undefined][] = [
    ['GraphQL, GraphiQL', urls.graphql],
    ['Temporal Web UI', urls.temporalUi],
    ['A first matter', urls.temporalUi && `${urls.temporalUi}/namespaces/${env.TEMPORAL_NAMESPACE}/workflows`],
    ['Mail sent (outbox)', urls.outbox],
    ['Stripe sandbox', urls.sandbox],
    ['A token', urls.token === undefined ? undefined : `${folder}npm run token -- --role biller`],
    ['Data and logs', dataDir],
    ['Stop', 'Ctrl-C (the next start goes on where this one was)'],
  ]
  const lines = rows.flatMap(([title, value]) => (value === undefined ? [] : [`${title.padEnd(20)}${value}`]))
  const width = Math.max(...lines.map((line) => line.length))
  const bar = '─'.repeat(width + 2)
  return [`╭${bar}╮`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `╰${bar}╯`].join('\n')
}
