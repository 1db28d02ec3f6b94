/** What a check of the surroundings found: each a sentence with the fix in it. */
export interface Findings {
  /** With these nothing may start. */
  problems: string[]
  /** What is odd and yet can be worked with. */
  warnings: string[]
}

export const nothingFound: Findings = { problems: [], warnings: [] }
export const problem = (...sentences: string[]): Findings => ({ problems: sentences, warnings: [] })
export const warning = (sentence: string): Findings => ({ problems: [], warnings: [sentence] })

export const allOf = (all: Findings[]): Findings => ({
  problems: all.flatMap(({ problems }) => problems),
  warnings: all.flatMap(({ warnings }) => warnings),
})
