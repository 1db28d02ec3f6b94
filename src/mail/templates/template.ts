import type { ReactElement } from 'react'

/** One mail: its subject line and its page, both from the same typed props. */
export interface Template<Mail> {
  /** Names matter and amount, never a person: subject lines show on lock screens and in logs. */
  subject(mail: Mail): string
  page(mail: Mail): ReactElement
}
