/** Where the documents look for the style sheet. Served as a file, so that the content security policy can stay strict. */
export const DOCUMENT_CSS_PATH = '/documents/assets/document.css'

/** The one style sheet of the documents, made for paper first: A4 and Letter alike, page numbers where the browser can. */
export const documentCss = `:root {
  --ink: #1d1f23;
  --quiet: #565a61;
  --rule: #dcd8cf;
  --paper: #f5f3ee;
  --serif: Georgia, 'Times New Roman', serif;
  color-scheme: light;
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: .9375rem/1.45 -apple-system, BlinkMacSystemFont, 'Segoe UI', Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
.sheet { max-width: 52rem; margin: 2rem auto; padding: 2.5rem; border: 1px solid var(--rule); background: #fff; }
.firm { margin: 0 0 2rem; color: var(--quiet); font-family: var(--serif); font-size: 1.0625rem; }
h1 { margin: 0 0 .25rem; font: 400 1.75rem/1.25 var(--serif); }
h2 { margin: 2rem 0 .5rem; font: 400 1.25rem/1.3 var(--serif); }
p { margin: 0 0 1rem; }
.period { margin: 0 0 1.5rem; color: var(--quiet); }
.quiet { color: var(--quiet); font-size: .875rem; }
.facts { margin: 0 0 1.75rem; }
.facts div { display: flex; gap: 1rem; padding: .1875rem 0; }
.facts dt { flex: 0 0 9rem; color: var(--quiet); }
.facts dd { flex: 1; min-width: 0; margin: 0; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4375rem .75rem .4375rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: baseline; }
th { color: var(--quiet); font-weight: 400; }
thead th { border-bottom: 1px solid var(--ink); }
.date { white-space: nowrap; }
.amount { padding-right: 0; padding-left: .75rem; text-align: right; white-space: nowrap; font-variant-numeric: lining-nums tabular-nums; }
.reference { display: block; color: var(--quiet); font-size: .8125rem; }
.standing th, .standing td { color: var(--ink); font-weight: 600; }
.totals { max-width: 26rem; margin-bottom: 1.75rem; }
@media screen and (max-width: 40rem) {
  .sheet { margin: 0; padding: 1.25rem; border: 0; }
  .movements { overflow-x: auto; }
}
@page {
  margin: 20mm 18mm;
  @bottom-right { content: counter(page) ' / ' counter(pages); color: #565a61; font: 9pt Helvetica, Arial, sans-serif; }
}
@media print {
  body { background: #fff; font-size: 10pt; }
  .sheet { max-width: none; margin: 0; padding: 0; border: 0; }
  thead { display: table-header-group; }
  th, td { padding-top: .25rem; padding-bottom: .25rem; }
  tr, .totals { break-inside: avoid; }
  .screen { display: none; }
}
`
