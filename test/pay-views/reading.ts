import type { Html } from '../../src/pay/views/page.ts'

/** The markup of a page; a page made of plain props is never a promise. */
export function markup(page: Html): string {
  if (page instanceof Promise) throw new Error('A payment page waited for something')
  return page.toString()
}

/** What a reader sees. */
export function visible(page: string): string {
  return page
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<\/?(?:bdi|a)[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
}
