import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { PASSWORD, TEMPLATE } from './global-setup.ts'

export interface TestDatabase {
  ownerUrl: string
  workerUrl: string
  apiUrl: string
  /** The owner's pool: sees every firm's rows. */
  owner: Database
  /** While `during` runs, the worker's connections are cut and nobody gets a new one. */
  awayFromWorker(during: () => Promise<void>): Promise<void>
  drop(): Promise<void>
}

/** A database of its own for a test file, as the migrations make it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const superuserUrl = inject('superuserUrl')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asSuperuser(
    superuserUrl,
    WHILE_NOBODY_CLONES,
    `create database ${name} template ${TEMPLATE} owner retainer_owner`,
  )
  const urlOf = (user: string) => {
    const url = new URL(superuserUrl)
    url.username = user
    url.password = PASSWORD
    url.pathname = `/${name}`
    return url.toString()
  }
  const ownerUrl = urlOf('retainer_owner')
  const owner = openDatabase(ownerUrl, { name: 'test-owner', max: 3 })
  return {
    ownerUrl,
    workerUrl: urlOf('retainer_worker'),
    apiUrl: urlOf('retainer_api'),
    owner,
    async awayFromWorker(during) {
      await asSuperuser(superuserUrl, `alter database ${name} allow_connections false`)
      await asSuperuser(
        superuserUrl,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and usename = 'retainer_worker'`,
      )
      try {
        await during()
      } finally {
        await asSuperuser(superuserUrl, `alter database ${name} allow_connections true`)
      }
    },
    async drop() {
      await owner.destroy()
      await asSuperuser(superuserUrl, `drop database ${name} with (force)`)
    },
  }
}

/** Two files cloning the template at the same moment: one waits. */
const WHILE_NOBODY_CLONES = "select pg_advisory_lock(hashtext('template'))"

async function asSuperuser(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
