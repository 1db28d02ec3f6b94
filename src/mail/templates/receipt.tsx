import type { ReceiptMail } from '../content.ts'
import { ClientFooter, Letter } from './letter.tsx'
import { Facts, Greeting, matterFacts, Paragraph } from './parts.tsx'
import type { Template } from './template.ts'

/** The client's receipt (R12). A receipt after replenishment was turned off must not ask again (R10), so it has no link. */
export const receipt: Template<ReceiptMail> = {
  subject: (mail) => `Receipt: ${mail.amount} received for matter ${mail.matterNumber}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading="Receipt"
      preview={`We received ${mail.amount} on ${mail.receivedOn}.`}
      footer={<ClientFooter />}
    >
      <Greeting clientName={mail.clientName} />
      <Paragraph>
        Thank you. We received your payment of {mail.amount} and credited it to the retainer for the matter below.
      </Paragraph>
      <Facts
        facts={[
          ['Amount received', mail.amount, 'key'],
          ['Date', mail.receivedOn],
          ['Paid by', mail.method],
          ['Reference', mail.reference],
          ...matterFacts(mail),
          ['Retainer balance', mail.newBalance],
          ['Still due', mail.remainingDue],
          ['Above the amount due', mail.excess],
        ]}
      />
      {mail.excess !== undefined && (
        <Paragraph>
          You paid {mail.excess} more than was due. It is part of your retainer balance and will be used for our
          invoices on this matter.
        </Paragraph>
      )}
    </Letter>
  ),
}
