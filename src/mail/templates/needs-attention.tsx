import { attentionWording } from '../../domain/attention-wording.ts'
import type { NeedsAttentionMail } from '../content.ts'
import { FirmFooter, Letter } from './letter.tsx'
import { Facts, MatterLink, matterFacts, Paragraph } from './parts.tsx'
import type { Template } from './template.ts'

/** What the reference of a notice is of, by the beginning of its code; any other's is told as it is. */
const REFERENCE_OF: [start: string, of: string][] = [
  ['PAYMENT_DISPUTED', 'dispute'],
  ['PAYMENT_REVERSED', 'dispute'],
  ['REVERSED_AFTER_CLOSING', 'dispute'],
  ['PAYMENT_AFTER', 'payment'],
  ['UNAPPLIED', 'payment'],
  ['REFUND', 'refund'],
  ['PAYOUT', 'payout'],
  ['ACCOUNT', 'payment account'],
  ['RECONCILIATION', 'comparison'],
]

function referenceName(code: string): string {
  const [, of] = REFERENCE_OF.find(([start]) => code.startsWith(start)) ?? []
  return of === undefined ? 'Reference' : `Reference of the ${of}`
}

/** Tells the firm what a person has to look at: what happened, where, and what can be done (R15, R18). */
export const needsAttention: Template<NeedsAttentionMail> = {
  subject: (mail) =>
    ['Needs attention', mail.matterNumber && `matter ${mail.matterNumber}`, mail.amount].filter(Boolean).join(', ') +
    `: ${attentionWording(mail.code).title}`,
  page: (mail) => {
    const { title, whatHappened, whatToDo, needsCode } = attentionWording(mail.code)
    return (
      <Letter
        firmName={mail.firmName}
        heading={title}
        preview={whatToDo}
        footer={<FirmFooter firmName={mail.firmName} />}
      >
        <Paragraph>{whatHappened}</Paragraph>
        <Paragraph>
          <strong>What you can do:</strong> {whatToDo}
        </Paragraph>
        <Facts
          facts={[
            ['Act by', mail.deadline, 'key'],
            ...matterFacts(mail),
            ['Client', mail.clientName],
            ['Request', mail.requestNumber],
            ['Amount', mail.amount],
            ['Retainer balance', mail.balance],
            ['Payment reference', mail.payment],
            [referenceName(mail.code), mail.reference],
            ['Code', needsCode ? mail.code : undefined],
          ]}
        />
        <MatterLink matterUrl={mail.matterUrl} />
      </Letter>
    )
  },
}
