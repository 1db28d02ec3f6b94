import { attentionWording } from '../../domain/attention-wording.ts'
import type { NeedsAttentionMail } from '../content.ts'
import { FirmFooter, Letter } from './letter.tsx'
import { Facts, MatterLink, matterFacts, Paragraph } from './parts.tsx'
import type { Template } from './template.ts'

/** Tells the firm what a person has to look at: what happened, where, and what can be done (R15, R18). */
export const needsAttention: Template<NeedsAttentionMail> = {
  subject: (mail) =>
    ['Needs attention', mail.matterNumber && `matter ${mail.matterNumber}`, mail.amount].filter(Boolean).join(', ') +
    `: ${attentionWording(mail.code).title}`,
  page: (mail) => {
    const { title, whatHappened, whatToDo } = attentionWording(mail.code)
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
            ['Payment', mail.payment],
            ['Reference', mail.reference],
            ['Code', mail.code],
          ]}
        />
        <MatterLink matterUrl={mail.matterUrl} />
      </Letter>
    )
  },
}
