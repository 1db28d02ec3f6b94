import type { Tag } from 'resend'

const NAME = 'effect'

/**
 * The tag by which the provider's events name the effect a mail was sent for, even where its answer never came back. The provider
 * takes letters, digits, `_` and `-` only, and ids of effects hold dots and colons.
 */
export const effectTag = (effectId: string): Tag => ({
  name: NAME,
  value: Buffer.from(effectId).toString('base64url'),
})

/** The effect that the tags of an event name; null for a mail that is tagged with none. */
export function effectOfTags(tags: Record<string, string> | undefined): string | null {
  const id = Buffer.from(tags?.[NAME] ?? '', 'base64url').toString()
  return /^[\w.:-]+$/.test(id) ? id : null
}
