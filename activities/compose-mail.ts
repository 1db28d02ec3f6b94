import type { CreateEmailOptions } from 'resend'
import type { Database } from '../src/db/pool.ts'
import { amountsOf } from '../src/domain/amounts.ts'
import type { Effect, MailTemplate, RetainerState } from '../src/domain/state.ts'
import { fromWire, type Wire } from '../src/domain/wire.ts'
import { formatMoney } from '../src/format-money.ts'
import { formatDay, formatInstant } from '../src/format-time.ts'
import type { MailContent } from '../src/mail/content.ts'
import { effectTag } from '../src/mail/effect-tag.ts'
import { renderMail } from '../src/mail/render.tsx'
import { reading } from './effects.ts'
import { readAttention } from './read-attention.ts'
import { readPayment } from './read-payment.ts'
import { readRefund } from './read-refund.ts'

export interface ComposeDependencies {
  db: Database
  /** The durable link to a request's payment page. */
  payUrl(requestId: string): string
}

/** A mail as it was rendered. Until a try of it is known to have sent nothing, every retry sends exactly this. */
export interface Letter {
  recipient: 'CLIENT' | 'FIRM'
  template: MailTemplate
  message: CreateEmailOptions
}

type MailEffect = Wire<Extract<Effect, { kind: 'MAIL' }>>
interface Subject {
  firmId: string
  matterId: string | null
}

/**
 * Writes the mail an effect asks for, with names and figures as they are now: what is due is never taken from an earlier
 * moment (R4). Null when there is nothing to say any more.
 */
export async function composeMail(
  dependencies: ComposeDependencies,
  subject: Subject,
  effect: MailEffect,
): Promise<Letter | null> {
  const firm = await readFirm(dependencies.db, subject.firmId)
  const matter = subject.matterId === null ? null : await readMatter(dependencies.db, subject.matterId)
  const content = await contentOf(dependencies, effect, firm, matter)
  if (!content) return null
  const recipient = CLIENT_TEMPLATES.has(effect.template) && matter ? 'CLIENT' : 'FIRM'
  const { subject: line, html, text } = await renderMail(content)
  return {
    recipient,
    template: effect.template,
    message: {
      // Quoted, since a firm’s name may hold a comma.
      from: `"${firm.sender_name.replaceAll(/["\\]/g, '')}" <${firm.sender_email}>`,
      to: recipient === 'CLIENT' && matter ? matter.client_email : firm.notifications_email,
      replyTo: firm.notifications_email,
      subject: line,
      html,
      text,
      tags: [effectTag(effect.id)],
    },
  }
}

const CLIENT_TEMPLATES = new Set<MailTemplate>(['REQUEST', 'REMINDER', 'RECEIPT', 'REFUND_NOTICE'])

type Firm = Awaited<ReturnType<typeof readFirm>>
type Matter = Awaited<ReturnType<typeof readMatter>>

async function contentOf(
  { db, payUrl }: ComposeDependencies,
  effect: MailEffect,
  firm: Firm,
  matter: Matter | null,
): Promise<MailContent | null> {
  if (effect.template === 'NEEDS_ATTENTION') return needsAttention(db, effect, firm, matter)
  if (!matter) return null
  if (effect.template === 'RECEIPT' || effect.template === 'PAYMENT_RECEIVED') {
    const template = effect.template === 'RECEIPT' ? 'receipt' : 'paymentReceived'
    return { template, ...(await received(db, effect, firm, matter)) }
  }
  if (effect.template === 'REFUND_NOTICE') return refundNotice(db, effect, firm, matter)

  const request = await readRequest(db, effect.subjectId)
  const state = fromWire<RetainerState>(matter.state as Wire<RetainerState>)
  const { dueMinor, liveMinor, pendingMinor } = amountsOf(state)
  // What is frozen can be paid and is never asked for again (R10).
  const askedMinor = state.frozen ? liveMinor : dueMinor
  if (request.status !== 'OPEN' || askedMinor === 0n) return null
  const money = (minor: bigint) => formatMoney(minor, firm.currency)
  const about = {
    ...names(firm, matter),
    requestNumber: String(request.number),
    amountDue: money(askedMinor),
  }
  const payable = { ...about, payUrl: payUrl(effect.subjectId) }
  const onItsWay = pendingMinor > 0n ? money(pendingMinor) : undefined
  const kind = request.kind as 'INITIAL' | 'TOP_UP'
  const alreadyReceived = request.received_minor > 0n ? money(request.received_minor) : undefined
  const standing = {
    minimumBalance: money(state.options.replenishment.minimumBalanceMinor),
    balance: money(matter.balance_minor),
    onItsWay,
  }
  if (effect.template === 'TOP_UP_COPY') {
    return firm.copies_top_ups ? { template: 'topUpCopy', ...about, ...standing } : null
  }
  if (effect.template === 'REMINDER') {
    return { template: 'reminder', ...payable, kind, nth: effect.nth ?? 1, received: alreadyReceived, onItsWay }
  }
  if (alreadyReceived) return { template: 'remainder', ...payable, kind, received: alreadyReceived, onItsWay }
  return kind === 'INITIAL'
    ? { template: 'request', ...payable, onItsWay }
    : { template: 'topUp', ...payable, ...standing }
}

async function received(db: Database, effect: MailEffect, firm: Firm, matter: Matter) {
  const payment = await readPayment(db, { firmId: firm.id, matterId: matter.id, paymentId: effect.subjectId })
  const money = (minor: bigint) => formatMoney(minor, firm.currency)
  const excessMinor = payment.excessMinor
  return {
    ...names(firm, matter),
    amount: money(payment.amountMinor),
    receivedOn: formatDay(payment.at, firm.time_zone),
    method: payment.method,
    reference: payment.reference,
    newBalance: money(payment.balanceAfterMinor),
    remainingDue: payment.dueAfterMinor > 0n ? money(payment.dueAfterMinor) : undefined,
    excess: excessMinor > 0n ? money(excessMinor) : undefined,
  }
}

/** Null when every part was refused meanwhile: the firm has been told, and the client has nothing to expect. */
async function refundNotice(db: Database, effect: MailEffect, firm: Firm, matter: Matter): Promise<MailContent | null> {
  const { parts, otherMeansMinor } = await readRefund(db, firm.id, effect.subjectId)
  const allMinor = parts.reduce((sum, { amountMinor }) => sum + amountMinor, otherMeansMinor)
  if (allMinor === 0n) return null
  const money = (minor: bigint) => formatMoney(minor, firm.currency)
  return {
    template: 'refundNotice',
    ...names(firm, matter),
    amount: money(allMinor),
    parts: parts.map(({ amountMinor, method, paidAt, paymentId }) => ({
      amount: money(amountMinor),
      method: method === 'BANK_DEBIT' ? 'bank' : 'card',
      paidOn: formatDay(paidAt, firm.time_zone),
      reference: paymentId,
    })),
    otherMeans: otherMeansMinor > 0n ? money(otherMeansMinor) : undefined,
  }
}

async function needsAttention(
  db: Database,
  effect: MailEffect,
  firm: Firm,
  matter: Matter | null,
): Promise<MailContent> {
  const [code = '', ...rest] = effect.subjectId.split(':')
  const reference = rest.join(':')
  const { deadline, paymentId, ...facts } = await readAttention(db, firm.id, code, reference)
  const amountMinor = facts.amountMinor ?? (effect.amountMinor ? BigInt(effect.amountMinor) : undefined)
  return {
    template: 'needsAttention',
    firmName: firm.name,
    code,
    // A matter's own id would say nothing to a person: its number is there.
    reference: reference === matter?.id ? undefined : reference,
    payment: paymentId,
    amount: amountMinor === undefined ? undefined : formatMoney(amountMinor, firm.currency),
    deadline: deadline ? formatInstant(deadline, firm.time_zone) : undefined,
    ...(matter && {
      matterNumber: matter.number,
      matterTitle: matter.title,
      clientName: matter.client_name,
      balance: formatMoney(matter.balance_minor, firm.currency),
    }),
  }
}

const names = (firm: Firm, matter: Matter) => ({
  firmName: firm.name,
  clientName: matter.client_name,
  matterNumber: matter.number,
  matterTitle: matter.title,
})

const readFirm = (db: Database, firmId: string) =>
  reading(db.selectFrom('firm').selectAll().where('id', '=', firmId).executeTakeFirstOrThrow())

const readMatter = (db: Database, matterId: string) =>
  reading(
    db
      .selectFrom('matter')
      .innerJoin('client', 'client.id', 'matter.client_id')
      .innerJoin('retainer', 'retainer.matter_id', 'matter.id')
      .select([
        'matter.id',
        'matter.number',
        'matter.title',
        'client.name as client_name',
        'client.email as client_email',
        'retainer.balance_minor',
        'retainer.state',
      ])
      .where('matter.id', '=', matterId)
      .executeTakeFirstOrThrow(),
  )

const readRequest = (db: Database, requestId: string) =>
  reading(
    db
      .selectFrom('request')
      .select(['number', 'kind', 'status', 'received_minor'])
      .where('id', '=', requestId)
      .executeTakeFirstOrThrow(),
  )
