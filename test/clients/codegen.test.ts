import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { preset } from '@graphql-codegen/client-preset'
import { codegen } from '@graphql-codegen/core'
import { parse } from 'graphql'
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Picked } from '../api/support.ts'
import { type Online, startOnline } from './online.ts'
import { STORY_TEXT } from './operations.ts'
import { tellStory } from './story.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const project = path.join(import.meta.dirname, '..', '..')
let dir: string
let online: Online
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'retainer-codegen-'))
  online = await startOnline()
})
afterAll(async () => {
  await online.close()
  await rm(dir, { recursive: true })
})

/** What a frontend's code may rely on at compile time: amounts are strings, and each refusal has its own facts. */
const SCREEN = `import type { StoryMatterQueryQuery, StorySaveOptionsMutationMutation, StoryEventsSubscriptionSubscription } from './graphql.ts'

export const balance = ({ matter }: StoryMatterQueryQuery): string | undefined => matter?.retainer.balance.amount
// @ts-expect-error An amount is no number.
export const wrong = ({ matter }: StoryMatterQueryQuery): number | undefined => matter?.retainer.balance.amount
export const at = ({ retainerEvents }: StoryEventsSubscriptionSubscription): string => retainerEvents.at

export function told({ updateMatterBillingOptions: answer }: StorySaveOptionsMutationMutation): string {
  switch (answer.__typename) {
    case 'UpdateMatterBillingOptionsPayload':
      return answer.matter.retainer.phase
    case 'InitialAmountLocked':
      return answer.lockedAt
    default:
      return answer.message
  }
}
`
const COMPILER_OPTIONS = {
  target: 'es2024',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  types: [],
}

/** Generates as the client preset's documentation sets it up for a frontend that sends strings by fetch. */
async function generate(): Promise<void> {
  const schema = await readFile(path.join(project, 'schema', 'schema.graphql'), 'utf8')
  const document = parse(STORY_TEXT)
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: `${dir}/`,
    schema: parse(schema),
    documents: [{ location: 'story.graphql', document, rawSDL: STORY_TEXT }],
    config: {
      documentMode: 'string',
      strictScalars: true,
      scalars: { Decimal: 'string', DateTime: 'string', Date: 'string' },
      useTypeImports: true,
      importExtension: '.ts',
    },
    plugins: [],
    pluginMap: {},
    presetConfig: { fragmentMasking: false },
  })
  for (const section of sections) await writeFile(section.filename, await codegen(section))
}

test('graphql-codegen’s client preset makes types that compile, and documents that tell the story', async () => {
  await generate()
  await symlink(path.join(project, 'node_modules'), path.join(dir, 'node_modules'))
  await writeFile(path.join(dir, 'package.json'), '{ "type": "module" }')
  await writeFile(path.join(dir, 'screen.ts'), SCREEN)
  await writeFile(path.join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }))
  const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
  await run(process.execPath, [tsc, '-p', dir]).catch(({ stdout }: { stdout: string }) => expect(stdout).toBe(''))

  const made: Record<string, unknown> = await import(/* @vite-ignore */ path.join(dir, 'graphql.ts'))
  const textOf = (name: string) => String(made[`${name}Document`])
  const sse = createClient({ url: online.url, headers: online.headers, retryAttempts: 0 })
  await tellStory(online, {
    async run(name, variables) {
      const response = await fetch(online.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...online.headers },
        body: JSON.stringify({ query: textOf(name), variables }),
      })
      const { data, errors } = await response.json()
      expect(errors).toBeUndefined()
      return data
    },
    async *watch(name, variables) {
      const sent = { query: textOf(name), variables: variables as Record<string, unknown> }
      for await (const { data } of sse.iterate<Picked>(sent)) yield data
    },
  })
})
