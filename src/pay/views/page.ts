import { html } from 'hono/html'
import { PAY_CSS_PATH } from './pay-css.ts'

/** Escaped markup, as `c.html()` of Hono takes it. */
export type Html = ReturnType<typeof html>

interface PageProps {
  /** The tab's title. It ends up in the browser's history, so it names neither client nor amount. */
  title: string
  /** The letterhead; left out where the page must not tell whose link it was. */
  firmName?: string | undefined
  /** Loads an address by itself after a while; without one the page stays. */
  refresh?: { url?: string; seconds: number } | undefined
  body: Html
}

/**
 * The document around every payment page. It needs neither script nor inline style, so it works under
 * `default-src 'none'; style-src 'self'`.
 */
export function page({ title, firmName, refresh, body }: PageProps): Html {
  return html`<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="same-origin">
<meta name="format-detection" content="telephone=no, date=no, address=no">
${refresh && html`<meta http-equiv="refresh" content="${refreshContent(refresh)}">`}
<link rel="stylesheet" href="${PAY_CSS_PATH}">
</head>
<body>
<div class="sheet">
${firmName && html`<header><p class="firm"><bdi>${firmName}</bdi></p></header>`}
<main>
${body}
</main>
</div>
</body>
</html>`
}

function refreshContent({ url, seconds }: { url?: string; seconds: number }): string {
  return url === undefined ? String(seconds) : `${seconds}; url=${url}`
}

/** Name and value of the facts a page lists; one without a value is left out. */
export type Fact = readonly [name: string, value: string | undefined]

export function facts(rows: readonly Fact[]): Html {
  return html`<dl class="facts">
${rows.map(([name, value]) => value !== undefined && html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}
</dl>`
}
