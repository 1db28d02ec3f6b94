export { generous } from '../../src/simulation/world/rate-limits.ts'
