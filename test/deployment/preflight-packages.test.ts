import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PROJECT_DIR } from '../../src/stack/programs.ts'
import { checkPackages } from '../../src/worker/preflight/packages.ts'

let project: string

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'retainer-packages-'))
})
afterEach(() => rmSync(project, { recursive: true }))

/** Installs a package below the project, or below another package. */
function install(name: string, version: string, below = ''): void {
  const dir = path.join(project, below, 'node_modules', name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ name, version }))
}

const problems = () => checkPackages(project).problems

test('what is installed here is as it must be', () => {
  expect(checkPackages(PROJECT_DIR).problems).toEqual([])
})

test('packages of the Temporal SDK of two versions are told with their versions', () => {
  install('@temporalio/client', '1.24.0')
  install('@temporalio/worker', '1.23.2')
  install('protobufjs', '8.8.1')
  expect(problems()).toEqual([
    'The packages of the Temporal SDK are not of one version (@temporalio/client 1.24.0, @temporalio/worker 1.23.2): give all @temporalio packages in package.json the same one, then run "npm install".',
  ])
})

test('a second protobufjs is told with whose it is', () => {
  install('@temporalio/client', '1.24.0')
  install('@temporalio/proto', '1.24.0')
  install('protobufjs', '8.8.1')
  install('protobufjs', '7.5.4', 'node_modules/@temporalio/proto')
  expect(problems()).toEqual([
    'There must be one protobufjs of version 8 or newer, and there is 8.8.1 for this project, 7.5.4 for @temporalio/proto: name it in the dependencies of package.json, then run "npm install" and "npm dedupe".',
  ])
})

test('one protobufjs that is too old is told', () => {
  install('@temporalio/client', '1.24.0')
  install('protobufjs', '7.5.4')
  expect(problems()).toEqual([expect.stringContaining('and there is 7.5.4 for this project')])
})

test('all that is wrong with the packages is told at once', () => {
  install('@temporalio/client', '1.24.0')
  install('@temporalio/worker', '1.23.2')
  install('protobufjs', '7.5.4')
  expect(problems().length).toBe(2)
})

test('packages that are not installed are told with the command that installs them', () => {
  expect(problems()).toEqual(['The Temporal SDK is not installed: run "npm ci".'])
  install('@temporalio/client', '1.24.0')
  expect(problems()).toEqual(['protobufjs is not installed: run "npm ci".'])
})
