/** Every way in which `text` could stand in bytes of the engine, as `searchable` makes them; in any letter case. */
export function spellingsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const ascii = json.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const plain = [
    text,
    json,
    JSON.stringify(json).slice(1, -1),
    ascii,
    encodeURIComponent(text),
    new URLSearchParams({ '': text }).toString().slice(1),
    htmlEscaped(text),
    ...[0, 1, 2].flatMap((offset) => base64At(text, offset)),
    Buffer.from(text).toString('hex'),
  ]
  return [...new Set(plain.map((spelling) => searchable(Buffer.from(spelling))))]
}

/** Bytes as text in which a spelling is found whatever its letter case; what is no text in them stands for nothing. */
export const searchable = (bytes: Uint8Array): string => Buffer.from(bytes).toString().toLowerCase()

function htmlEscaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' }
  return text.replace(/[&<>"']/g, (sign) => names[sign] ?? sign)
}

/** What of the text's base64 is the same whatever stands around it, where it begins at `offset` of three bytes. */
function base64At(text: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
  const whole = Math.floor(bytes.length / 3) * 4
  const inner = bytes.toString('base64').slice(offset === 0 ? 0 : 4, whole)
  return inner.length < 6 ? [] : [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
}
