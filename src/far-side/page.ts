import { html, raw } from 'hono/html'

/** Markup with everything interpolated into it escaped. */
export type Markup = ReturnType<typeof html>

const STYLE = `
  :root { --ink: #1a1f36; --soft: #697386; --line: #e3e8ee; --accent: #4f46e5; --paper: #f6f8fa; }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, 'Segoe UI', Roboto, sans-serif; }
  header.bar { background: #fff; border-bottom: 1px solid var(--line); padding: 14px 28px; display: flex; gap: 14px; align-items: baseline; }
  header.bar b { font-size: 17px; } header.bar span, .soft { color: var(--soft); }
  main { max-width: 1120px; margin: 0 auto; padding: 24px 28px 60px; }
  h2 { font-size: 15px; margin: 28px 0 8px; }
  table { width: 100%; border-collapse: collapse; background: #fff; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
  th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
  th { font-size: 12px; font-weight: 600; color: var(--soft); background: #fbfcfd; } tr:last-child td { border-bottom: 0; }
  td.soft { white-space: nowrap; } td.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
  .tag { display: inline-block; padding: 1px 8px; border-radius: 10px; font-size: 12px; background: #eef1f6; color: #3c4257; white-space: nowrap; }
  .tag.good { background: #d7f7e0; color: #05690d; } .tag.bad { background: #fde3e5; color: #b3093c; } .tag.wait { background: #fcf3d0; color: #7a4a04; }
  form.act { display: inline; } form.act button { font: inherit; font-size: 12.5px; padding: 1px 9px; margin: 0 4px 3px 0; border: 1px solid var(--line);
    border-radius: 6px; background: #fff; color: var(--accent); cursor: pointer; white-space: nowrap; } form.act button:hover { background: #eef1f6; }
  code, pre { font: 13px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }`

/** A whole page for the developer who looks in: title bar, then `body`. With `refreshSeconds` it reloads itself. */
export function page(title: string, subtitle: string, body: Markup, refreshSeconds?: number): Markup {
  const refresh = refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>${title}</title><style>${raw(STYLE)}</style></head>
<body><header class="bar"><b>${title}</b><span>${subtitle}</span></header><main>${body}</main></body>
</html>`
}

/** A table, or the sentence `empty` where there are no rows. */
export function table(headings: string[], rows: Markup[], empty: string): Markup {
  if (rows.length === 0) return html`<p class="soft">${empty}</p>`
  return html`<table><thead><tr>${headings.map((h) => html`<th>${h}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`
}

const TONES: Record<string, string> = {
  good: 'paid complete succeeded delivered sent won warning_closed',
  bad: 'failed expired canceled bounced complained suppressed dropped abandoned lost needs_response disputed',
  wait: 'pending held unpaid processing requires_payment_method in_transit warning_needs_response refunded',
}

/** A status as a coloured label. */
export function tag(status: string): Markup {
  const tone = Object.keys(TONES).find((name) => TONES[name]?.split(' ').includes(status)) ?? ''
  return html`<span class="tag ${tone}">${status.replaceAll('_', ' ')}</span>`
}

/** An instant as people in the office read it, in UTC so that two machines show the same. */
export function when(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
