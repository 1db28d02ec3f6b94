import { readFile } from 'node:fs/promises'
import { inject } from 'vitest'

/** One change of the workflow code: what stands in the bundle, and what is to stand there instead. */
export type Alteration = [found: RegExp, instead: string]

/**
 * Today's workflow code, changed as a later version might be.
 * @throws when a change finds nothing to change, or more than one place: the code has moved on, and the test with it must
 */
export async function alteredBundle(...alterations: Alteration[]): Promise<{ code: string }> {
  let code = await readFile(inject('workflowBundlePath'), 'utf8')
  for (const [found, instead] of alterations) {
    const places = code.match(new RegExp(found, 'g'))?.length ?? 0
    if (places !== 1) throw new Error(`The bundle has ${places} places like ${found}, where one was meant.`)
    code = code.replace(found, instead)
  }
  return { code }
}
