export { quiet } from '../../src/simulation/world/quiet.ts'
