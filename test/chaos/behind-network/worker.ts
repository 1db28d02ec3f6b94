// The worker process as it is, with the network of the chaos suite between it and its neighbours.
import { enterNetwork } from './network.ts'

enterNetwork()
await import('../../../src/worker/main.ts')
