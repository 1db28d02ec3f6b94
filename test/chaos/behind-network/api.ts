// The API process as it is, with the network of the chaos suite between it and its neighbours.
import { enterNetwork } from './network.ts'

enterNetwork()
await import('../../../src/api/main.ts')
