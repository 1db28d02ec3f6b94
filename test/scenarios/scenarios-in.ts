import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The scenarios of a folder, by the names of their files. */
export function scenariosIn(folder: string): [string, string][] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')])
}
