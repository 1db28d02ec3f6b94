import fc from 'fast-check'

/** Ids and cursors that the API has given out, to the firm that asks and to another one. */
export interface Known {
  ids: string[]
  cursors: string[]
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url')
const LONG = 'x'.repeat(10_000)
const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  '\u202eevil',
  '\u200b',
  "' or 1=1 --",
  '%_\\',
  '🙃',
  LONG,
]
const NO_VALUE: unknown[] = [null, 5, 1.5, true, [], {}, [[]], { toString: 'x' }, -0, 1e308, '١٢']

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('Ada', 'A-1', 'office@hartvale.example', 'Europe/Berlin', 'UTC') },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)
const whole = fc.constantFrom(0, 1, 2, 20, 100, 101, -1, 23, 24, 2_147_483_647, -2_147_483_648, 2_147_483_648, 1.5, '5')
const decimal = fc.oneof(
  fc.constantFrom('1', '100.00', '0.01', '0', '-0.00', '-1', '1000', '9'.repeat(15), '9'.repeat(16), '0.001', '1e3'),
  fc.constantFrom('١٢٣', '１００', '1,000', '0x10', '', 'NaN', 'Infinity', 100, `0.${'0'.repeat(14)}1`, '00000001'),
  fc.bigInt({ min: 0n, max: 10n ** 17n }).map(String),
)
const instant = fc.constantFrom(
  '2026-03-03T09:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999+14:00',
  '9999-12-31T23:59:59.999-23:59',
  '+275760-09-13T00:00:00Z',
  '2026-02-30T00:00:00Z',
  'now',
  0,
)
const day = fc.constantFrom('2026-01-01', '2026-12-31', '1000-01-01', '9999-12-31', '0001-01-01', '2026-02-29', '', 1)
const brokenCursor = fc.oneof(
  fc.constantFrom('', '!', '\0', LONG, cursor(null), cursor([]), cursor({}), cursor('\0'), cursor([['x']])),
  fc.array(fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, '\0', 'infinity', '1e400', LONG))).map(cursor),
  fc.jsonValue().map(cursor),
)
const brokenId = fc.oneof(
  fc.constantFrom('', '\0', 'garbage', '%%%', LONG, '==', 7, 7.5),
  fc
    .tuple(fc.constantFrom('Matter', 'Client', 'Payment', 'Retainer', 'Nope', '__proto__', ''), text)
    .map(([type, id]) => base64(`${type}:${id}`)),
)

/** Values for a scalar of the schema, or for an id by its field's name: good ones often, since what is refused at the door meets nothing behind it. */
export function scalarValues({ ids, cursors }: Known): Readonly<Record<string, fc.Arbitrary<unknown>>> {
  const often = (good: fc.Arbitrary<unknown>, bad: fc.Arbitrary<unknown>) =>
    fc.oneof(
      { weight: 40, arbitrary: good },
      { weight: 3, arbitrary: bad },
      { weight: 1, arbitrary: fc.constantFrom(...NO_VALUE) },
    )
  const idsOf = (type: string) => ids.filter((id) => Buffer.from(id, 'base64').toString().startsWith(`${type}:`))
  const idOf = (type: string) => often(fc.constantFrom(...idsOf(type)), fc.oneof(fc.constantFrom(...ids), brokenId))
  return {
    matterId: idOf('Matter'),
    toMatterId: idOf('Matter'),
    clientId: idOf('Client'),
    invoiceId: idOf('Invoice'),
    paymentId: idOf('Payment'),
    ID: often(fc.constantFrom(...ids), brokenId),
    UUID: often(fc.uuid(), fc.constantFrom('00000000-0000-4000-8000-000000000000', 'x', '')),
    Cursor: often(fc.constantFrom(...cursors), brokenCursor),
    String: often(text, text),
    Int: often(fc.constantFrom(1, 2, 5, 20), whole),
    Float: often(fc.double(), whole),
    Boolean: often(fc.boolean(), fc.constantFrom('true', 1)),
    Decimal: often(fc.constantFrom('1', '100.00', '50.5'), decimal),
    DateTime: often(instant, instant),
    Date: often(day, day),
  }
}
