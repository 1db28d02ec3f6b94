import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Mistake, Path } from './mistakes.ts'

/** A place in a file, counted from 1. */
export interface Place {
  line: number
  column: number
}

export interface PlacedMistake extends Place {
  message: string
}

/** The text of a scenario, and where in it things stand. */
export class Source {
  readonly #document: Document
  readonly #lines = new LineCounter()

  constructor(text: string) {
    // Without guesses: every scalar is the text that stands there, so an amount keeps its digits.
    this.#document = parseDocument(text, { schema: 'failsafe', lineCounter: this.#lines, prettyErrors: false })
  }

  /** What is wrong with it as YAML. */
  get syntaxMistakes(): PlacedMistake[] {
    return this.#document.errors.map(({ pos, message }) => ({ ...this.#at(pos[0]), message }))
  }

  get value(): unknown {
    return this.#document.toJS()
  }

  place({ path, key }: Pick<Mistake, 'path' | 'key'>): Place {
    return this.#at(key === undefined ? this.#startOf(path) : this.#startOfKey(path, key))
  }

  placed(mistakes: Mistake[]): PlacedMistake[] {
    return mistakes.map((mistake) => ({ ...this.place(mistake), message: mistake.message }))
  }

  /** What is not there stands where the nearest thing around it does. */
  #startOf(path: Path): number {
    const node = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true)
    if (isNode(node) && node.range) return node.range[0]
    return path.length === 0 ? 0 : this.#startOf(path.slice(0, -1))
  }

  #startOfKey(path: Path, key: string): number {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true)
    const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
    return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : this.#startOf(path)
  }

  #at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { line, column: col }
  }
}
