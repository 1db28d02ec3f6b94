import type { WriteStream } from 'node:tty'
import type { MoveProgress } from './move-matters.ts'
import type { OpenWorkflows } from './open-workflows.ts'
import type { VersionReport } from './versions.ts'

/** `1 matter`, `12 matters`. */
export const matters = (count: number): string => `${count} ${count === 1 ? 'matter' : 'matters'}`

/** Every version as a row, and what runs on workers without a version. */
export function versionsTable(versions: VersionReport[], unversioned: OpenWorkflows): string {
  const rows = [
    ['Version', 'Status', 'Workers', 'Matters', 'Others'],
    ...versions.map(({ version, status, workers, open }) => [
      version.buildId,
      status.toLowerCase(),
      String(workers),
      String(open.matters),
      String(open.others),
    ]),
    ...(unversioned.matters + unversioned.others > 0
      ? [['(none)', 'unversioned', '', String(unversioned.matters), String(unversioned.others)]]
      : []),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))),
  )
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n')
}

/** One line that is written over on a terminal, and a line every so often elsewhere. */
export function progressLine(out: Pick<WriteStream, 'write' | 'isTTY'>) {
  const EVERY_MS = 5_000
  let shownAtMs = 0
  return {
    show({ told, left }: MoveProgress): void {
      if (!out.isTTY && Date.now() - shownAtMs < EVERY_MS) return
      shownAtMs = Date.now()
      const line = `${matters(told)} told, ${left} still to go`
      out.write(out.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
    },
    end(): void {
      if (out.isTTY) out.write('\r\u001b[K')
    },
  }
}
