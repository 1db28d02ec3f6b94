/** The steps of a reconciliation, in their order. */
export const STEPS = ['BOOKS', 'MATTERS', 'EVENTS', 'PROVIDER'] as const
export type Step = (typeof STEPS)[number]

/** Where two things that must agree do not. Amounts are decimal strings of minor units. */
export interface Difference {
  check: Step
  code: string
  /** The row or the provider's object it is about. */
  subject: string
  matterId: string | null
  expected: string | null
  found: string | null
}

/** How far a step has come; no total while nobody can know it. */
export interface Progress {
  done: number
  total: number | null
}

/** Called as a step goes on; throws when it is to stop. */
export type Report = (progress: Progress) => Promise<void>
