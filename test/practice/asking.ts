import { randomUUID } from 'node:crypto'
import type { Firm } from './practice.ts'

/** The firm gives one command; a refusal by the rules is an answer, too. */
export async function ask(firm: Firm, mutation: string, input: object): Promise<void> {
  const type = mutation.charAt(0).toUpperCase() + mutation.slice(1)
  await firm.api.run(
    `mutation ${type}($input: ${type}Input!) { ${mutation}(input: $input) { __typename ... on Refusal { message } } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
  )
}

/** Relay's global id. */
export const gid = (id: string, type = 'Matter'): string => Buffer.from(`${type}:${id}`).toString('base64')
