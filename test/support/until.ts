export { until } from '../../src/simulation/world/until.ts'
