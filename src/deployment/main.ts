// `npm run versions`: which version of the workers has which matters, and how they get from one to the next (docs/deploying.md).
import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { ConfigurationError, versionsConfig, type WorkerVersion } from '../config.ts'
import { makeCurrent } from './make-current.ts'
import { moveMatters } from './move-matters.ts'
import { countOpen } from './open-workflows.ts'
import { matters, progressLine, versionsTable } from './show.ts'
import { findVersion, listVersions, VersionsError } from './versions.ts'

const USAGE = `npm run versions                          every version, its workers, and what is open on it
npm run versions -- current <build id>     begins what is new on this version
npm run versions -- move <build id>        has idle matters of this version go over to the current one
npm run versions -- move <build id> --now  also those with work under way: the current version carries it on
npm run versions -- retire <build id>      says whether this version's workers may be stopped`

const NOT_FOR_START =
  'The worker of `npm start` has no version: these commands are for a deployment of your own (docs/deploying.md).'

class UsageError extends Error {}

try {
  const { positionals, now } = readArguments()
  const { temporal, deploymentName } = versionsConfig(process.env)
  const connection = await Connection.connect(temporal.connectionOptions)
  try {
    const client = new Client({ connection, namespace: temporal.namespace ?? 'default' })
    const [command, buildId = ''] = positionals
    const version = { deploymentName, buildId }
    if (command === 'current') await current(client, version)
    else if (command === 'move') await move(client, version, now)
    else if (command === 'retire') await retire(client, version)
    else await list(client, deploymentName)
  } finally {
    await connection.close()
  }
} catch (error) {
  process.exitCode = 1
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`)
  else if (error instanceof ConfigurationError) console.error(`${error.message}\n\n${NOT_FOR_START}`)
  else if (error instanceof VersionsError) console.error(error.message)
  else console.error(error)
}

function readArguments(): { positionals: string[]; now: boolean } {
  const { positionals, values } = parse()
  const [command, buildId, ...more] = positionals
  if (command !== undefined && !['current', 'move', 'retire'].includes(command)) {
    throw new UsageError(`There is no command ${command}.`)
  }
  if (command !== undefined && !buildId) throw new UsageError(`Which version? "${command}" needs its build id.`)
  if (more.length > 0) throw new UsageError(`One version at a time: ${more.join(' ')} is too much.`)
  if (values.now && command !== 'move') throw new UsageError('--now belongs to "move".')
  return { positionals, now: values.now }
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: { now: { type: 'boolean', default: false } } })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

async function list(client: Client, deploymentName: string): Promise<void> {
  const versions = await listVersions(client, deploymentName)
  console.log(versionsTable(versions, await countOpen(client, null)))
}

async function current(client: Client, version: WorkerVersion): Promise<void> {
  console.log(`Waiting for the workers of version ${version.buildId} and for every task queue to know...`)
  const told = await makeCurrent(client, version)
  console.log(`Version ${version.buildId} is current: new matters begin on it, others go over with their next task.`)
  if (told === 'being told') {
    console.log('The server is still telling its task queues. To wait for them, type the same again.')
  }
}

async function move(client: Client, version: WorkerVersion, now: boolean): Promise<void> {
  const { buildId } = version
  const report = progressLine(process.stdout)
  const { left, untold } = await moveMatters(client, { version, now, report: report.show })
  report.end()
  if (left === 0) {
    console.log(`No matter is on version ${buildId} any more. Next: npm run versions -- retire ${buildId}`)
    return
  }
  for (const [workflowId, code] of untold) console.error(`✗ ${workflowId} could not be told: ${code}`)
  const remedy = now ? 'Look for them in the Web UI.' : 'They go over when it is done; with --now they do at once.'
  console.log(`${matters(left)} stayed on version ${buildId}, with a mail or a payment under way. ${remedy}`)
  process.exitCode = 1
}

async function retire(client: Client, version: WorkerVersion): Promise<void> {
  const { buildId } = version
  const { status, open } = await findVersion(client, version)
  if (status === 'CURRENT' || status === 'RAMPING') {
    throw new VersionsError(`Version ${buildId} takes what is new: make another one current first.`)
  }
  if (open.matters > 0) {
    throw new VersionsError(
      `Version ${buildId} still has ${matters(open.matters)}. Next: npm run versions -- move ${buildId}`,
    )
  }
  if (open.others > 0) {
    throw new VersionsError(
      `Version ${buildId} still has ${open.others} payouts, reconciliations or the like: they end by themselves. Look again later.`,
    )
  }
  console.log(`Nothing is open on version ${buildId}: its workers may be stopped.`)
}
