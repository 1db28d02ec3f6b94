// `npm run check:replay`: replays the histories of every released version with today's workflow code.
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker'
import { WORKFLOWS_PATH } from '../../src/worker/workers.ts'
import { releasedFiles, replayReleased } from './released.ts'

Runtime.install({ logger: new DefaultLogger('ERROR') })

const bundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: new DefaultLogger('ERROR') })
const files = await releasedFiles()
let runs = 0
let different = 0
for await (const { file, workflowId, error } of replayReleased(bundle, files)) {
  runs += 1
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${runs} runs replayed, ${file}`)
  if (error === undefined) continue
  different += 1
  console.error(`${process.stdout.isTTY ? '\r\u001b[K' : ''}${file}: ${workflowId}\n  ${error}\n`)
}
if (process.stdout.isTTY) process.stdout.write('\r\u001b[K')
console.log(`${runs} runs of ${files.length} files replayed, ${different} otherwise than they went.`)
if (different > 0) {
  console.error('Matters that are open would fail. CONTRIBUTING.md, "Changing a workflow", says what to do.')
  process.exitCode = 1
}
