/** Where the neighbours' real ports lead over the network: `{"<real port>": <proxy's port>}`. */
export const NETWORK_VARIABLE = 'CHAOS_NETWORK'

const ADDRESSES = [
  'DATABASE_WORKER_URL',
  'DATABASE_API_URL',
  'TEMPORAL_ADDRESS',
  'STRIPE_API_URL',
  'RESEND_API_URL',
] as const

/** Has this process reach its neighbours over the network that `CHAOS_NETWORK` describes. */
export function enterNetwork(): void {
  const ways = Object.entries(JSON.parse(process.env[NETWORK_VARIABLE] ?? '{}') as Record<string, number>)
  for (const name of ADDRESSES) {
    for (const [realPort, port] of ways) {
      const address = process.env[name]
      if (address) process.env[name] = address.replace(new RegExp(`:${realPort}(?=/|$)`), `:${port}`)
    }
  }
}
