import { html } from 'hono/html'
import { type Markup, when } from '../../far-side/page.ts'

/** An object and the account it belongs to. */
export interface Row<T> {
  owner: string
  doc: T
}

/** An id, or an address, on one line, cut off where it is long; whole to whoever points at it or copies it. */
export const shortId = (id: string): Markup => html`<span class="id" title="${id}">${id}</span>`

/** The cell that says whose a thing is. */
export const whose = (owner: string): Markup => html`<td class="soft">${shortId(owner || 'platform')}</td>`
/** The cell that says when a thing was made. */
export const at = (createdSeconds: number): Markup => html`<td class="soft">${when(createdSeconds * 1000)}</td>`
