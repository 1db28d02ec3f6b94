/** Parameters as decoded from `a[b][0]=c`: every leaf is text, lists are objects with numbers for keys. */
export interface Form {
  [key: string]: string | Form
}

/** Decodes a query string or a form body. Objects have no prototype, so that no key can reach one. */
export function decodeForm(encoded: string): Form {
  const root: Form = Object.create(null) as Form
  for (const [name, value] of new URLSearchParams(encoded)) {
    const head = name.split('[', 1)[0] ?? ''
    const keys = [head, ...Array.from(name.slice(head.length).matchAll(/\[([^[\]]*)\]/g), (match) => match[1] ?? '')]
    let node = root
    for (const [depth, raw] of keys.entries()) {
      const key = raw === '' ? String(Object.keys(node).length) : raw
      if (depth === keys.length - 1) {
        node[key] = value
        break
      }
      const next = node[key]
      node = typeof next === 'object' ? next : (node[key] = Object.create(null) as Form)
    }
  }
  return root
}
