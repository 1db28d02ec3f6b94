import pg from 'pg'
import { DEMO_FIRM_ID } from '../identity/demo-firm.ts'

/** Enters the demo firm into its database, once. Firms come with a contract, not through the API. */
export async function enterDemoFirm(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `insert into firm (id, name, notifications_email, sender_name, sender_email)
       values ($1, 'Hart & Vale LLP', 'office@hartvale.example', 'Hart & Vale LLP', 'retainers@hartvale.example')
       on conflict (id) do nothing`,
      [DEMO_FIRM_ID],
    )
  } finally {
    await client.end()
  }
}
