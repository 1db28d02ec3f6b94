import { join } from 'node:path'
import { z } from 'zod'
import { portVariable, runProgram } from '../far-side/program.ts'
import { startSandbox } from './start.ts'

const Environment = z.object({
  STRIPE_SECRET_KEY: z.string().startsWith('sk_test_').default('sk_test_sandbox'),
  STRIPE_WEBHOOK_SECRET: z.string().startsWith('whsec_'),
  STRIPE_SANDBOX_PORT: portVariable(4010),
  STRIPE_WEBHOOK_URL: z.url(),
  DATA_DIR: z.string().min(1).default('.data'),
})

await runProgram('Stripe sandbox', Environment, (env) =>
  startSandbox({
    port: env.STRIPE_SANDBOX_PORT,
    statePath: join(env.DATA_DIR, 'sandbox', 'state.sqlite'),
    secretKey: env.STRIPE_SECRET_KEY,
    webhookSecret: env.STRIPE_WEBHOOK_SECRET,
    webhookUrl: env.STRIPE_WEBHOOK_URL,
  }),
)
