// Started by sources.ts with the kind of server and a folder: has the Temporal SDK download that server into the folder.
// A process of its own, because the SDK's download cannot be cancelled.
import { TestWorkflowEnvironment } from '@temporalio/testing'

const [kind, downloadDir] = process.argv.slice(2)
if (kind === undefined || downloadDir === undefined) throw new Error('usage: sdk-download-main.ts <kind> <folder>')

try {
  const server = { executable: { type: 'cached-download' as const, downloadDir } }
  const environment =
    kind === 'cli'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server })
  await environment.teardown()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
