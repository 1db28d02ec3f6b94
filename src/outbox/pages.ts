import { Hono } from 'hono'
import { html } from 'hono/html'
import type { NodeEnv } from '../far-side/intercept.ts'
import { type Markup, page, table, tag, when } from '../far-side/page.ts'
import type { Mailbox, StoredEmail } from './mailbox.ts'

const REFRESH_SECONDS = 3

const STYLE = html`<style>
  .mail { background: #fff; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
  .mail dl { display: grid; grid-template-columns: 90px 1fr; gap: 4px 12px; margin: 0; padding: 18px 20px; }
  .mail dt { color: var(--soft); } .mail dd { margin: 0; overflow-wrap: anywhere; }
  nav.tabs { display: flex; gap: 4px; padding: 0 14px; border-bottom: 1px solid var(--line); }
  nav.tabs a { padding: 8px 12px; color: var(--soft); border-bottom: 2px solid transparent; margin-bottom: -1px; }
  nav.tabs a[aria-current] { color: var(--ink); border-color: var(--accent); }
  iframe { width: 100%; height: max(70vh, 60rem); border: 0; display: block; } pre { margin: 0; padding: 20px; white-space: pre-wrap; }
</style>`

// Addresses stay whole where there is room.
const LIST_STYLE = html`<style>@media (min-width: 700px) { td:first-child { overflow-wrap: normal; } }</style>`

// The mail's own scripts and forms stay dead; its links open beside the page, so that a pay link can be followed.
const FRAME_RIGHTS = 'allow-popups allow-popups-to-escape-sandbox'

function content(email: StoredEmail, view: string): Markup {
  if (view === 'text') return html`<pre>${email.text ?? 'This mail has no text part.'}</pre>`
  if (view === 'headers') {
    const all = { 'Message-ID': email.message_id, 'Idempotency-Key': email.idempotency_key ?? '-', ...email.headers }
    const tags = email.tags.map(({ name, value }) => `${name}=${value}`).join(', ')
    return html`<pre>${Object.entries({ ...all, Tags: tags || '-' }).map(([name, value]) => `${name}: ${value}\n`)}</pre>`
  }
  if (email.html === null) return html`<pre>This mail has no HTML part.</pre>`
  return html`<iframe title="The mail" sandbox="${FRAME_RIGHTS}" srcdoc="${`<base target="_blank">${email.html}`}"></iframe>`
}

function mailPage(email: StoredEmail, view: string): Markup {
  const tab = (name: string, label: string) =>
    html`<a href="?view=${name}" ${view === name ? html`aria-current="page"` : ''}>${label}</a>`
  const row = (label: string, value: string | string[] | null) =>
    value === null ? '' : html`<dt>${label}</dt><dd>${[value].flat().join(', ')}</dd>`
  const history = email.events.map(({ type }) => html`${tag(type)} `)
  return page(
    email.subject,
    'outbox: stands in for Resend, nothing leaves this machine',
    html`${STYLE}<p><a href="/">← All mail</a></p><div class="mail"><dl>
      ${row('From', email.from)}${row('To', email.to)}${row('Cc', email.cc)}${row('Bcc', email.bcc)}${row('Reply to', email.reply_to)}
      ${row('Sent', when(Date.parse(email.created_at)))}<dt>Status</dt><dd>${history}</dd></dl>
      <nav class="tabs">${tab('html', 'Message')}${tab('text', 'Text')}${tab('headers', 'Headers')}</nav>${content(email, view)}</div>`,
  )
}

/** The human pages: `/` is the list, `/mails/:id` one mail. For tests: `GET /_control/emails`, oldest first, `?to=` filters. */
export function outboxPages(mailbox: Mailbox): Hono<NodeEnv> {
  const app = new Hono<NodeEnv>()
  app.get('/_control/emails', (c) => c.json(mailbox.all(c.req.query('to'))))

  app.get('/', (c) => {
    const rows = mailbox
      .all()
      .reverse()
      .map(
        (email) => html`<tr><td>${email.to.join(', ')}</td><td><a href="/mails/${email.id}">${email.subject}</a></td>
        <td class="soft">${when(Date.parse(email.created_at))}</td><td>${tag(email.last_event)}</td></tr>`,
      )
    const body = html`${LIST_STYLE}${table(['To', 'Subject', 'When', 'Status'], rows, 'No mail has been sent yet.')}`
    return c.html(page('Outbox', 'stands in for Resend, nothing leaves this machine', body, REFRESH_SECONDS))
  })

  app.get('/mails/:id', (c) => {
    const email = mailbox.get(c.req.param('id'))
    if (!email) return c.html(page('No such mail', 'outbox', html`<p><a href="/">← All mail</a></p>`), 404)
    const byDefault = email.html === null ? 'text' : 'html'
    return c.html(mailPage(email, c.req.query('view') ?? byDefault))
  })
  return app
}
