import { html } from 'hono/html'
import type { Markup } from '../../far-side/page.ts'

/** A button that posts to a control route under `/_control`, with the given fields. */
export function button(label: string, path: string, fields: Record<string, string> = {}): Markup {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form class="act" method="post" action="/_control/${path}">${inputs}<button>${label}</button></form>`
}
