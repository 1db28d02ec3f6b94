import { html } from 'hono/html'
import { DOCUMENT_CSS_PATH } from './document-css.ts'

/** Escaped markup, as `c.html()` of Hono takes it. */
export type Html = ReturnType<typeof html>

interface DocumentProps {
  /** The tab's title, and what a browser proposes as the name of a PDF. */
  title: string
  /** The letterhead; left out where the page must not tell whose it was. */
  firmName?: string
  body: Html
}

/** The page around every document. It needs neither script nor inline style, so it works under `default-src 'none'`. */
export function documentPage({ title, firmName, body }: DocumentProps): Html {
  return html`<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<link rel="stylesheet" href="${DOCUMENT_CSS_PATH}">
</head>
<body>
<div class="sheet">
${firmName !== undefined && html`<header><p class="firm"><bdi>${firmName}</bdi></p></header>`}
<main>
${body}
</main>
</div>
</body>
</html>`
}

/** For a wrong or old link. The same for every such link, so that it tells nothing to someone who tries them. */
export function deadLinkPage(): Html {
  return documentPage({
    title: 'This link cannot be used',
    body: html`<h1>This link cannot be used</h1>
<p>It may be incomplete or too old: a link to a document works for fifteen minutes.</p>
<p>Please open the document again from where you found the link.</p>`,
  })
}

/** For trouble that passes. */
export function laterPage(): Html {
  return documentPage({
    title: 'Please try again',
    body: html`<h1>The document could not be made</h1>
<p role="alert">Something on our side did not work for a moment. Please load this page again.</p>`,
  })
}
