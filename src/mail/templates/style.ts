import type { CSSProperties } from 'react'

const SERIF = 'Georgia, "Times New Roman", serif'
const SANS = '-apple-system, "Segoe UI", Helvetica, Arial, sans-serif'

const INK = '#1d1f23'
const QUIET = '#565a61'
const RULE = '#dcd8cf'
const PAPER = '#f5f3ee'
const ACCENT = '#1f3a5f'

// Mail clients drop style sheets, so every look travels inline from here.
export const style = {
  page: { backgroundColor: PAPER, margin: 0, padding: '24px 12px', fontFamily: SANS, color: INK },
  sheet: { backgroundColor: '#ffffff', border: `1px solid ${RULE}`, maxWidth: '600px', padding: '32px 28px 24px' },
  firm: { margin: '0 0 28px', fontFamily: SERIF, fontSize: '16px', lineHeight: '24px', color: QUIET },
  heading: { margin: '0 0 20px', fontFamily: SERIF, fontSize: '26px', lineHeight: '32px', fontWeight: 400, color: INK },
  text: { margin: '0 0 16px', fontSize: '16px', lineHeight: '25px', color: INK },
  facts: { width: '100%', margin: '24px 0', borderCollapse: 'collapse', borderTop: `1px solid ${RULE}` },
  factName: {
    padding: '10px 16px 10px 0',
    borderBottom: `1px solid ${RULE}`,
    textAlign: 'left',
    verticalAlign: 'baseline',
    width: '34%',
    fontSize: '14px',
    lineHeight: '22px',
    fontWeight: 400,
    color: QUIET,
  },
  factValue: {
    padding: '10px 0',
    borderBottom: `1px solid ${RULE}`,
    textAlign: 'left',
    verticalAlign: 'baseline',
    fontSize: '15px',
    lineHeight: '22px',
    wordBreak: 'break-word',
    color: INK,
  },
  factKey: { fontFamily: SERIF, fontSize: '20px', lineHeight: '24px' },
  button: {
    backgroundColor: ACCENT,
    color: '#ffffff',
    borderRadius: '3px',
    padding: '15px 26px',
    fontSize: '16px',
    fontWeight: 600,
  },
  buttonRow: { margin: '0 0 16px' },
  link: { color: ACCENT, textDecoration: 'underline', wordBreak: 'break-all' },
  quiet: { margin: '0 0 12px', fontSize: '14px', lineHeight: '21px', color: QUIET, wordBreak: 'break-word' },
  footer: { margin: '28px 0 0', borderTop: `1px solid ${RULE}`, padding: '16px 0 0' },
} as const satisfies Record<string, CSSProperties>
