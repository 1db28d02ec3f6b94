import { parseArgs } from 'node:util'
import { z } from 'zod'
import { BROKEN_BUILDS } from './broken-builds.ts'

const names = BROKEN_BUILDS.map(({ name }) => name)

export const USAGE = `npm run chaos [-- --seed N --minutes M --matters K --broken NAME]

  --seed N      what happens, and when, follows from this number (20240229)
  --minutes M   how long people act and things go wrong; starting, settling and judging come on top (1)
  --matters K   how many matters there are (16)
  --broken NAME breaks the code first, to see that the verdict notices:
${BROKEN_BUILDS.map(({ name, what }) => `                ${name}: ${what}`).join('\n')}

Exit code 0: every guarantee held. 1: one did not. 2: it could not be run.`

const Options = z.strictObject({
  seed: z.coerce.number().int().default(20_240_229),
  minutes: z.coerce.number().positive().default(1),
  matters: z.coerce.number().int().positive().default(16),
  broken: z.enum(names, `must be one of ${names.join(', ')}`).optional(),
  help: z.boolean().default(false),
})

/** @throws when an argument is unknown or makes no sense */
export function chaosOptions(args: string[]): z.output<typeof Options> {
  const text = { type: 'string' } as const
  const options = { seed: text, minutes: text, matters: text, broken: text, help: { type: 'boolean' } } as const
  const parsed = Options.safeParse(parseArgs({ args, options }).values)
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  return parsed.data
}
