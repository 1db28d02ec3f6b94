import type { PaymentReceivedMail } from '../content.ts'
import { FirmFooter, Letter } from './letter.tsx'
import { Facts, MatterLink, matterFacts, Paragraph } from './parts.tsx'
import type { Template } from './template.ts'

/** Tells the firm of a posted payment (R12). */
export const paymentReceived: Template<PaymentReceivedMail> = {
  subject: (mail) => `Payment received: ${mail.amount} for matter ${mail.matterNumber}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading="Payment received"
      preview={`The retainer balance is now ${mail.newBalance}.`}
      footer={<FirmFooter firmName={mail.firmName} />}
    >
      <Paragraph>
        <bdi>{mail.clientName}</bdi> paid {mail.amount}. It is posted to the general retainer of the matter below.
      </Paragraph>
      <Facts
        facts={[
          ['Amount', mail.amount, 'key'],
          ['Client', mail.clientName],
          ...matterFacts(mail),
          ['Date', mail.receivedOn],
          ['Paid by', mail.method],
          ['Reference', mail.reference],
          ['New balance', mail.newBalance],
          ['Still due', mail.remainingDue],
          ['Above the amount due', mail.excess],
        ]}
      />
      <MatterLink matterUrl={mail.matterUrl} />
    </Letter>
  ),
}
