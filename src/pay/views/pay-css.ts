/** Where the pages look for the style sheet. Served as a file, so that the content security policy can stay strict. */
export const PAY_CSS_PATH = '/pay/assets/pay.css'

/** The one style sheet of the payment pages. */
export const payCss = `:root {
  --ink: #1d1f23;
  --quiet: #565a61;
  --rule: #dcd8cf;
  --field: #85878c;
  --paper: #f5f3ee;
  --accent: #1f3a5f;
  --error: #9b1c1c;
  --serif: Georgia, 'Times New Roman', serif;
  color-scheme: light;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: #fff;
  color: var(--ink);
  font: 1rem/1.5 -apple-system, BlinkMacSystemFont, 'Segoe UI', Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
.sheet { max-width: 34rem; margin: 0 auto; padding: 1.75rem 1.25rem 2.5rem; }
.firm { margin: 0 0 1.75rem; color: var(--quiet); font-family: var(--serif); }
h1 { margin: 0 0 1rem; font: 400 1.75rem/1.25 var(--serif); }
h2 { margin: 0 0 .5rem; font: 400 1.25rem/1.3 var(--serif); }
p { margin: 0 0 1rem; }
.quiet { color: var(--quiet); font-size: .9375rem; }
a { color: var(--accent); text-underline-offset: .15em; }
.due { margin: 1.5rem 0; }
.due dt { color: var(--quiet); }
.due dd { margin: 0; font: 400 2.5rem/1.2 var(--serif); font-variant-numeric: lining-nums tabular-nums; }
.facts { margin: 1.5rem 0; border-top: 1px solid var(--rule); }
.facts div { display: flex; gap: 1rem; padding: .625rem 0; border-bottom: 1px solid var(--rule); }
.facts dt { flex: 0 0 36%; color: var(--quiet); }
.facts dd { flex: 1; min-width: 0; margin: 0; font-variant-numeric: lining-nums tabular-nums; }
.notice { margin: 0 0 1.5rem; padding: .75rem 1rem; border: 1px solid var(--rule); border-left: 4px solid var(--accent); }
.notice.error { border-left-color: var(--error); }
.notice p { margin: 0; }
.button {
  display: block;
  width: 100%;
  min-height: 3rem;
  padding: .75rem 1.25rem;
  border: 1px solid var(--accent);
  border-radius: 3px;
  background: var(--accent);
  color: #fff;
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.button:hover { background: #162943; }
.button.second { background: #fff; color: var(--accent); }
.button.second:hover { background: var(--paper); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.other { margin: 2rem 0 0; padding: 1.5rem 0 0; border-top: 1px solid var(--rule); }
label { display: block; margin: 0 0 .25rem; font-weight: 600; }
input[type='text'] {
  display: block;
  width: 100%;
  min-height: 3rem;
  margin: .5rem 0 1rem;
  padding: .5rem .75rem;
  border: 1px solid var(--field);
  border-radius: 3px;
  background: #fff;
  color: inherit;
  font: inherit;
  font-variant-numeric: lining-nums tabular-nums;
}
input[aria-invalid='true'] { border: 2px solid var(--error); }
.field-error { margin: .25rem 0; color: var(--error); font-weight: 600; }
.assurance { margin: 2rem 0 0; padding: 1.25rem 0 0; border-top: 1px solid var(--rule); }
@media (min-width: 40rem) {
  body { background: var(--paper); }
  .sheet { margin: 3rem auto; padding: 2.25rem 2.5rem 2rem; border: 1px solid var(--rule); background: #fff; }
  .button { display: inline-block; width: auto; min-width: 14rem; }
  input[type='text'] { max-width: 14rem; }
}
@media print {
  body { background: #fff; }
  .sheet { margin: 0; border: 0; }
  .button { display: none; }
}
`
