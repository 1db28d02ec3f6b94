export { SandboxControls } from '../../src/simulation/world/sandbox-controls.ts'
