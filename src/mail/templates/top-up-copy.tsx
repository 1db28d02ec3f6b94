import type { TopUpCopyMail } from '../content.ts'
import { FirmFooter, Letter } from './letter.tsx'
import { Facts, MatterLink, matterFacts, Paragraph } from './parts.tsx'
import type { Template } from './template.ts'

/** Tells the firm that a top-up went out by itself (R7, R12). */
export const topUpCopy: Template<TopUpCopyMail> = {
  subject: (mail) => `Copy: top-up of ${mail.amountDue} requested for matter ${mail.matterNumber}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading="Top-up requested automatically"
      preview={`The balance of ${mail.balance} reached the top-up trigger.`}
      footer={<FirmFooter firmName={mail.firmName} />}
    >
      <Paragraph>
        The retainer of the matter below reached its top-up trigger. We sent <bdi>{mail.clientName}</bdi> request{' '}
        {mail.requestNumber} for {mail.amountDue}.
      </Paragraph>
      <Facts
        facts={[
          ['Amount requested', mail.amountDue, 'key'],
          ['Request', mail.requestNumber],
          ['Client', mail.clientName],
          ...matterFacts(mail),
          ['Minimum balance', mail.minimumBalance],
          ['Current balance', mail.balance],
          ['On its way', mail.onItsWay],
        ]}
      />
      <MatterLink matterUrl={mail.matterUrl} />
    </Letter>
  ),
}
