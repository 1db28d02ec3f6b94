import type { Tag } from 'resend'

const NAME = 'effect'
/** No id of an effect has two underscores side by side, and the provider takes no dot in a tag. */
const DOT = '__'

/** The tag by which the provider's events name the effect a mail was sent for, even where its answer never came back. */
export const effectTag = (effectId: string): Tag => ({ name: NAME, value: effectId.replaceAll('.', DOT) })

/** The effect that the tags of an event name; null for a mail without that tag. */
export const effectOfTags = (tags: Record<string, string> | undefined): string | null =>
  tags?.[NAME]?.replaceAll(DOT, '.') ?? null
