import type { Database } from '../../src/db/pool.ts'

/** What names or reaches a person of this database: names, addresses, titles, memos, whom mails went to. Give it the owner's pool. */
export async function personalData(owner: Database): Promise<string[]> {
  const firms = await owner
    .selectFrom('firm')
    .select(['name', 'sender_name', 'sender_email', 'notifications_email'])
    .execute()
  const clients = await owner.selectFrom('client').select(['name', 'email']).execute()
  const matters = await owner.selectFrom('matter').select('title').execute()
  const memos = await owner.selectFrom('memo').select('body').execute()
  const mails = await owner.selectFrom('mail').select('message').execute()
  const addressees = mails.map(({ message }) => ({ to: String((message as { to?: unknown }).to) }))
  const rows: Record<string, string>[] = [...firms, ...clients, ...matters, ...memos, ...addressees]
  const familyNames = clients.map(({ name }) => name.split(' ').at(-1) ?? '')
  return [...new Set([...rows.flatMap((row) => Object.values(row)), ...familyNames])].filter(tells)
}

/** Shorter ones stand in words that name nobody. */
const tells = (text: string): boolean => text.length >= 5
