import type { RefundNoticeMail } from '../content.ts'
import { ClientFooter, Letter } from './letter.tsx'
import { Facts, Greeting, matterFacts, Paragraph } from './parts.tsx'
import type { Template } from './template.ts'

/** Tells the client what comes back, to which payment, and when (R17). It asks for nothing and so carries no payment link. */
export const refundNotice: Template<RefundNoticeMail> = {
  subject: (mail) => `Refund: ${mail.amount} for matter ${mail.matterNumber}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading="Refund"
      preview={`We are returning ${mail.amount} that you paid.`}
      footer={<ClientFooter />}
    >
      <Greeting clientName={mail.clientName} />
      <Paragraph>We are returning {mail.amount} that you paid for the matter below.</Paragraph>
      {mail.parts.length > 0 && (
        <Paragraph>
          What goes back to a payment returns the way it was paid. It usually arrives within 5 to 10 business days,
          depending on your bank.
        </Paragraph>
      )}
      {mail.otherMeans !== undefined && (
        <Paragraph>
          {mail.otherMeans} cannot return the way it was paid. We will pay it to you by other means and contact you
          about it if we need to.
        </Paragraph>
      )}
      <Facts
        facts={[
          ...matterFacts(mail),
          ...mail.parts.map(
            ({ amount, method, paidOn, reference }) =>
              [`To your ${method} payment of ${paidOn} (${reference})`, amount] as const,
          ),
          ['By other means', mail.otherMeans],
          ['Refund in all', mail.amount, 'key'],
        ]}
      />
    </Letter>
  ),
}
