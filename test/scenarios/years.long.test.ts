import path from 'node:path'
import { playEach } from './play-each.ts'
import { scenariosIn } from './scenarios-in.ts'

playEach(scenariosIn(path.join(import.meta.dirname, 'long')))
