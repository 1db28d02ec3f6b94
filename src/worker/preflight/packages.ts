import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Findings, problem } from './findings.ts'

/** Older ones cannot read the histories that newer SDKs write. */
const LEAST_PROTOBUFJS = 8

/**
 * Whether the packages of the Temporal SDK below `projectDir` are of one version, and share one protobufjs that is new enough:
 * the SDK's parts exchange objects, and a second copy takes the first one's for strangers.
 */
export function checkPackages(projectDir: string): Findings {
  const sdk = sdkPackages(projectDir)
  return sdk.length === 0
    ? problem('The Temporal SDK is not installed: run "npm ci".')
    : problem(...oneVersion(sdk), ...oneProtobufjs(projectDir, sdk))
}

interface Package {
  dir: string
  name: string
  version: string
}

function sdkPackages(projectDir: string): Package[] {
  const dir = path.join(projectDir, 'node_modules', '@temporalio')
  try {
    return readdirSync(dir).map((name) => read(path.join(dir, name)))
  } catch {
    return []
  }
}

function read(dir: string): Package {
  const { name, version } = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8')) as Package
  return { dir, name, version }
}

function oneVersion(sdk: Package[]): string[] {
  const versions = new Set(sdk.map(({ version }) => version))
  if (versions.size === 1) return []
  const list = sdk.map(({ name, version }) => `${name} ${version}`).join(', ')
  return [
    `The packages of the Temporal SDK are not of one version (${list}): give all @temporalio packages in package.json the same one, then run "npm install".`,
  ]
}

function oneProtobufjs(projectDir: string, sdk: Package[]): string[] {
  const users = [{ dir: projectDir, name: 'this project' }, ...sdk]
  const copies = new Map<string, string>()
  for (const { dir, name } of users) {
    const found = protobufjsOf(dir)
    if (!found) return ['protobufjs is not installed: run "npm ci".']
    if (!copies.has(found)) copies.set(found, name)
  }
  const list = [...copies].map(([dir, user]) => `${read(dir).version} for ${user}`).join(', ')
  const isNewEnough = [...copies.keys()].every((dir) => Number(read(dir).version.split('.')[0]) >= LEAST_PROTOBUFJS)
  if (copies.size === 1 && isNewEnough) return []
  return [
    `There must be one protobufjs of version ${LEAST_PROTOBUFJS} or newer, and there is ${list}: name it in the dependencies of package.json, then run "npm install" and "npm dedupe".`,
  ]
}

/** The folder of the copy that code in `dir` gets. */
function protobufjsOf(dir: string): string | undefined {
  const lookups = createRequire(path.join(dir, 'package.json')).resolve.paths('protobufjs') ?? []
  for (const folder of lookups) {
    try {
      return realpathSync(path.join(folder, 'protobufjs'))
    } catch {
      // Not here: further up.
    }
  }
  return undefined
}
