/** What a played scenario tells, in its order. Times are the scenario's own, in the firm's zone: `2027-01-04 09:30`. */
export type Told = StepTold | DecisionTold | MailTold | DifferenceTold | EndTold

export interface StepTold {
  kind: 'step'
  at: string
  matter: string
  /** In words; empty where something is expected only. */
  what: string
  /** The name of the refusal. */
  refused?: string
  /** How the matter stands afterwards; amounts are decimal strings. */
  balance: string
  due: string
  phase: string
  line: number
}

/** A decision with its rule, and why (R21). */
export interface DecisionTold {
  kind: 'decision'
  at: string
  matter: string
  rule: string
  code: string
  sentence: string
}

export interface MailTold {
  kind: 'mail'
  at: string
  matter: string
  to: 'client' | 'firm'
  mail: string
  /** The first amount the mail names. */
  amount: string | null
}

/** Something that is not as the file expects it, or that must hold after any life. */
export interface DifferenceTold {
  kind: 'difference'
  at: string
  matter: string | null
  what: string
  expected: string
  got: string
  line: number
  column: number
}

export interface EndTold {
  kind: 'end'
  steps: number
  differences: number
  seconds: number
}
