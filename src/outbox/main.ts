import { join } from 'node:path'
import { z } from 'zod'
import { portVariable, runProgram } from '../far-side/program.ts'
import { startOutbox } from './start.ts'

const Environment = z.object({
  RESEND_API_KEY: z.string().startsWith('re_').default('re_outbox'),
  RESEND_WEBHOOK_SECRET: z.string().startsWith('whsec_'),
  RESEND_WEBHOOK_URL: z.url(),
  OUTBOX_PORT: portVariable(4020),
  DATA_DIR: z.string().min(1).default('.data'),
})

await runProgram('Outbox', Environment, (env) =>
  startOutbox({
    port: env.OUTBOX_PORT,
    statePath: join(env.DATA_DIR, 'outbox', 'state.sqlite'),
    apiKey: env.RESEND_API_KEY,
    webhookSecret: env.RESEND_WEBHOOK_SECRET,
    webhookUrl: env.RESEND_WEBHOOK_URL,
  }),
)
