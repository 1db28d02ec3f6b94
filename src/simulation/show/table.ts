import CliTable from 'cli-table3'
import type { Told } from '../play/timeline.ts'

const GAP = 2
const BESIDE = [16, 4, 12, 12, 18]
const ROOM = (process.stdout.columns ?? 150) - BESIDE.reduce((sum, width) => sum + width + GAP, GAP)
/** What happened gets the room that is left, within reason. */
const WIDTHS = BESIDE.toSpliced(1, 0, Math.min(Math.max(ROOM, 40), 100))
const NO_BORDERS = {
  ...Object.fromEntries(
    ['top', 'bottom', 'mid'].flatMap((side) => ['', '-mid', '-left', '-right'].map((end) => [`${side}${end}`, ''])),
  ),
  left: '',
  right: '',
  middle: ' '.repeat(GAP),
}

/** The head of the timeline. */
export function heading(currency: string): string {
  const titles = ['When', 'What happened, and why', 'Rule', `Balance ${currency}`, `Due ${currency}`, 'Phase']
  return `${row(titles)}\n${'-'.repeat(WIDTHS.reduce((sum, width) => sum + width + GAP))}`
}

/** What was told as a row of it; `named` says whose it is. */
export function rowOf(told: Told, { named }: { named: boolean }): string {
  const whose = named && 'matter' in told && told.matter !== null ? `${told.matter}: ` : ''
  switch (told.kind) {
    case 'step': {
      const what = `${whose}${told.what || 'a look at the matter'}${told.refused ? ` — refused: ${told.refused}` : ''}`
      return row([told.at, what, '', told.balance, told.due, told.phase])
    }
    case 'decision':
      return row([told.at, `· ${whose}${told.sentence}`, told.rule])
    case 'mail':
      return row([told.at, `· ${whose}mail to the ${told.to}: ${told.mail}${told.amount ? ` for ${told.amount}` : ''}`])
    case 'difference':
      return row([told.at, `✗ ${whose}${told.what}: expected ${told.expected}, got ${told.got} (line ${told.line})`])
    case 'end':
      return `\n${told.steps} steps in ${told.seconds} s: ${told.differences === 0 ? 'all as expected' : `${told.differences} differences`}.`
  }
}

function row(cells: string[]): string {
  const table = new CliTable({
    chars: NO_BORDERS,
    colWidths: WIDTHS,
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left'],
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    wordWrap: true,
  })
  table.push([...cells, ...Array.from({ length: WIDTHS.length - cells.length }, () => '')])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
