export { FarSide } from '../../src/simulation/world/far-side.ts'
