import { readFileSync } from 'node:fs'
import path from 'node:path'
import { playEach } from './play-each.ts'
import { scenariosIn } from './scenarios-in.ts'

const GUIDE = path.join(import.meta.dirname, '../../docs/scenarios.md')
const example = /```yaml\n(.*?)```/s.exec(readFileSync(GUIDE, 'utf8'))?.[1] ?? ''

playEach([...scenariosIn(import.meta.dirname), ['docs/scenarios.md', example]])
