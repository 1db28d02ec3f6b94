import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PROJECT_DIR } from '../../src/stack/programs.ts'

/** One change of the source: `from` stands there exactly once. */
interface Edit {
  file: string
  from: string
  to: string
}

/** A fault that somebody might make, which the verdict must notice. */
export interface BrokenBuild {
  name: string
  what: string
  edits: Edit[]
}

const COMMIT = 'src/db/migrations/0019_repeated-commits.sql'

export const BROKEN_BUILDS: BrokenBuild[] = [
  {
    name: 'dedup',
    what: 'what is told twice is booked twice',
    edits: [
      {
        file: 'src/webhooks/inbox.ts',
        from: 'values({ id, source,',
        to: 'values({ id: `${id}.${Math.random()}`, source,',
      },
      {
        file: COMMIT,
        from: 'select * into v_known from command where firm_id = v_firm_id and key = v_key;',
        to: 'select * into v_known from command where false;',
      },
      {
        file: COMMIT,
        from: "values (v_firm_id, v_key, p->>'inputHash'",
        to: "values (v_firm_id, v_key || '.' || v_version, p->>'inputHash'",
      },
      {
        file: 'src/db/migrations/0002_books.sql',
        from: 'at timestamptz not null,\n  unique (firm_id, key)',
        to: 'at timestamptz not null',
      },
      {
        file: 'src/db/migrations/0009_rows.sql',
        from: '"feeMinor" bigint, "refundableUntilMs" bigint);',
        to: '"feeMinor" bigint, "refundableUntilMs" bigint) on conflict do nothing;',
      },
    ],
  },
  {
    name: 'off',
    what: 'a mail that was stopped is sent all the same',
    edits: [
      {
        file: 'activities/mail.ts',
        from: "if (row.status !== 'PLANNED') return { outcome: 'done' }",
        to: "if (row.status === 'DONE') return { outcome: 'done' }",
      },
      {
        file: 'activities/mail.ts',
        from: 'beginTry(db, id, composed, { triedAt })',
        to: 'beginTry(db, id, composed, { triedAt, evenIfCancelled: true })',
      },
    ],
  },
  {
    name: 'inbox',
    what: 'an event is done when its matter was told, not when it was booked',
    edits: [
      {
        file: 'src/worker/inbox/rows.ts',
        from: 'update inbox set tries = tries + 1,',
        to: "update inbox set tries = tries + 1, booked_at = now(), outcome = 'told',",
      },
    ],
  },
]

const COPIED = ['src', 'workflows', 'activities', 'schema', 'test', 'package.json', 'tsconfig.json']

/** The text of a file with the edits made. @throws when one does not apply any more */
export function edited(file: string, text: string, edits: Edit[]): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((before, { from, to }) => {
      if (before.split(from).length !== 2) throw new Error(`${file} does not hold this exactly once:\n${from}`)
      return before.replace(from, () => to)
    }, text)
}

/** Copies the project into a temporary folder and breaks it there. Gives the folder, and what removes it again. */
export async function makeBrokenBuild({ name, edits }: BrokenBuild): Promise<{ dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(path.join(tmpdir(), `retainer-broken-${name}-`))
  for (const item of COPIED) await cp(path.join(PROJECT_DIR, item), path.join(dir, item), { recursive: true })
  await symlink(path.join(PROJECT_DIR, 'node_modules'), path.join(dir, 'node_modules'))
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const text = await readFile(path.join(dir, file), 'utf8')
    await writeFile(path.join(dir, file), edited(file, text, edits))
  }
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}
