import { html } from 'hono/html'
import { type Markup, when } from '../../far-side/page.ts'

/** An object and the account it belongs to. */
export interface Row<T> {
  owner: string
  doc: T
}

/** The cell that says whose a thing is. */
export const whose = (owner: string): Markup => html`<td class="soft">${owner || 'platform'}</td>`
/** The cell that says when a thing was made. */
export const at = (createdSeconds: number): Markup => html`<td class="soft">${when(createdSeconds * 1000)}</td>`
