import { z } from 'zod'

const port = z.coerce.number('must be a port number').int().min(0).max(65_535)
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a URL postgres://user:password@host/database',
})
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL http://... or https://...' })
const rootUrl = httpUrl.transform((url) => url.replace(/\/+$/, ''))
const separated = (list: string): string[] => list.split(/[\s,]+/).filter(Boolean)
const origins = z
  .string()
  .default('')
  .transform(separated)
  .refine(
    (list) => list.every((each) => URL.parse(each)?.origin === each),
    'must be origins such as https://app.example.com',
  )
const limit = (byDefault: number) => z.coerce.number('must be a number').int().min(1).default(byDefault)
const versionName = z.string().regex(/^[\w./-]{1,200}$/, 'must be letters, digits and . _ - /')
const signingSecrets = z
  .string()
  .transform(separated)
  .refine(
    (list) => list.length > 0 && list.every((each) => /^whsec_./.test(each)),
    'must start with whsec_, each one if there are several',
  )
const secretOf = (prefix: string) => z.string().startsWith(prefix, `must start with ${prefix}`)

/** What each variable must look like, and (as its description) what it is for. */
export const variables = {
  DATABASE_URL: postgresUrl.describe("the owner's login at PostgreSQL, for migrations"),
  DATABASE_WORKER_URL: postgresUrl.describe("the worker's login at PostgreSQL (role retainer_worker)"),
  DATABASE_API_URL: postgresUrl.describe("the API's login at PostgreSQL (role retainer_api)"),
  STRIPE_SECRET_KEY: z.string().describe("the key to Stripe's API"),
  STRIPE_WEBHOOK_SECRET: signingSecrets.describe(
    "proves that an event is Stripe's; those of several endpoints are separated by commas",
  ),
  STRIPE_API_URL: rootUrl.optional().describe('where a stand-in for Stripe listens'),
  RESEND_API_KEY: secretOf('re_').describe("the key to Resend's API"),
  RESEND_WEBHOOK_SECRET: secretOf('whsec_').describe("proves that an event is Resend's"),
  RESEND_API_URL: rootUrl.optional().describe('where a stand-in for Resend listens'),
  AUTH_JWKS_URL: httpUrl.describe("the identity provider's public keys"),
  AUTH_ISSUER: z.string().describe('the issuer a token must name'),
  AUTH_AUDIENCE: z.string().describe('the audience a token must name'),
  PUBLIC_URL: rootUrl.describe('where clients reach the API process; payment links start with it'),
  PAY_LINK_SECRET: z.string().min(32, 'must have at least 32 characters').describe('makes the tokens of payment links'),
  HOST: z.string().default('127.0.0.1').describe('the address the API listens on'),
  API_PORT: port.default(4000).describe('the port the API listens on'),
  GRAPHQL_INTROSPECTION: z
    .enum(['on', 'off'], 'must be on or off')
    .optional()
    .describe('whether the schema can be read'),
  CORS_ORIGINS: origins.describe('whose pages may call the GraphQL API from a browser; separated by commas'),
  TRUSTED_PROXIES: z.coerce
    .number('must be a number')
    .int()
    .min(0)
    .default(0)
    .describe('how many proxies of yours stand before the API, each adding to x-forwarded-for'),
  RATE_LIMIT_QUERIES: limit(3_000).describe('queries and subscriptions of a person per minute'),
  RATE_LIMIT_COMMANDS: limit(1_200).describe('commands of a person per minute'),
  RATE_LIMIT_CREATE_ONLINE: limit(10).describe('Create online of a matter in ten minutes'),
  RATE_LIMIT_PAY_LINK: limit(120).describe('requests to the pages of a payment link per minute'),
  RATE_LIMIT_PAY_ADDRESS: limit(600).describe('requests to payment pages from an address per minute'),
  TEMPORAL_DEPLOYMENT_NAME: versionName
    .optional()
    .describe('the name that all versions of the workers share; see docs/deploying.md'),
  TEMPORAL_WORKER_BUILD_ID: versionName
    .optional()
    .describe('which version of the code this worker is; see docs/deploying.md'),
  WORKER_HEALTH_PORT: port.default(4001).describe("the port of the worker's health endpoints"),
  MAIL_PER_SECOND: z.coerce
    .number('must be a number')
    .positive('must be more than 0')
    .default(2)
    .describe('how many mails all workers together may hand to Resend per second'),
} as const
