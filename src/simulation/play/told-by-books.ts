import type { Database } from '../../db/pool.ts'
import { sentenceOf } from '../../domain/explain.ts'
import type { CurrencyCode } from '../../domain/money.ts'
import type { DecisionRecord } from '../../domain/state.ts'
import { formatMoney } from '../../format-money.ts'
import { mailName } from '../format/words.ts'
import type { Matter } from '../world/matter.ts'
import type { Calendar } from './calendar.ts'
import type { DecisionTold, MailTold } from './timeline.ts'

interface Reader {
  owner: Database
  matter: Matter
  name: string
  currency: CurrencyCode
  calendar: Calendar
}

/** What one matter's books have to tell since they were last asked: decisions, and mails that were sent. */
export class ToldByBooks {
  readonly #reader: Reader
  readonly #amount: RegExp
  #version = 0n
  #mailedUntil = new Date(0)
  #mailed = new Set<string>()

  constructor(reader: Reader) {
    this.#reader = reader
    const symbol = formatMoney(0n, reader.currency).replace(/[\d.,\s]/g, '')
    this.#amount = new RegExp(`${symbol.replaceAll('$', '\\$')}\\s?([\\d,]+(?:\\.\\d+)?)`)
  }

  async decisions(): Promise<DecisionTold[]> {
    const { owner, matter, name, currency, calendar } = this.#reader
    const rows = await owner
      .selectFrom('decision')
      .select(['version', 'at', 'rule', 'code', 'inputs'])
      .where('matter_id', '=', matter.id)
      .where('version', '>', this.#version)
      .orderBy('version')
      .orderBy('line')
      .execute()
    this.#version = rows.at(-1)?.version ?? this.#version
    return rows.map(({ at, rule, code, inputs }) => ({
      kind: 'decision',
      at: calendar.read(at),
      matter: name,
      rule,
      code,
      sentence: sentenceOf({ code, inputs: inputs as DecisionRecord['inputs'] }, currency),
    }))
  }

  async mails(): Promise<MailTold[]> {
    const { owner, matter, name, calendar } = this.#reader
    const rows = await owner
      .selectFrom('mail')
      .select(['effect_id', 'recipient', 'template', 'message', 'sent_at'])
      .where('matter_id', '=', matter.id)
      .where('sent_at', '>=', this.#mailedUntil)
      .orderBy('sent_at')
      .orderBy('effect_id')
      .execute()
    const news = rows.flatMap((row) =>
      row.sent_at && !this.#mailed.has(row.effect_id) ? [{ ...row, at: row.sent_at }] : [],
    )
    this.#mailedUntil = news.at(-1)?.at ?? this.#mailedUntil
    // Of a millisecond that was looked at already another one may still come.
    this.#mailed = new Set(rows.map(({ effect_id }) => effect_id))
    return news.map(({ recipient, template, message, at }) => ({
      kind: 'mail',
      at: calendar.read(at),
      matter: name,
      to: recipient === 'CLIENT' ? 'client' : 'firm',
      mail: mailName(template),
      amount: this.#amountOf(message as { subject: string; text: string }),
    }))
  }

  #amountOf({ subject, text }: { subject: string; text: string }): string | null {
    const found = this.#amount.exec(subject) ?? this.#amount.exec(text)
    return found?.[1]?.replaceAll(',', '') ?? null
  }
}
