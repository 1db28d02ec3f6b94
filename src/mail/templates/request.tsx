import type { RequestMail } from '../content.ts'
import { ClientFooter, Letter } from './letter.tsx'
import { Facts, Greeting, matterFacts, OnItsWay, Paragraph, PayLink } from './parts.tsx'
import type { Template } from './template.ts'

/** The initial retainer, asked for the first time (R5). */
export const request: Template<RequestMail> = {
  subject: (mail) => `Retainer request for matter ${mail.matterNumber}: ${mail.amountDue}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading="Retainer request"
      preview={`Request ${mail.requestNumber}: ${mail.amountDue} is due.`}
      footer={<ClientFooter />}
    >
      <Greeting clientName={mail.clientName} />
      <Paragraph>
        We ask you to pay a retainer of {mail.amountDue} for the matter below. A retainer is money paid in advance: we
        credit it to your matter and use it to pay our invoices.
      </Paragraph>
      <Facts
        facts={[
          ...matterFacts(mail),
          ['Request', mail.requestNumber],
          ['On its way', mail.onItsWay],
          ['Amount due', mail.amountDue, 'key'],
        ]}
      />
      <OnItsWay amount={mail.onItsWay} />
      <PayLink firmName={mail.firmName} payUrl={mail.payUrl} />
    </Letter>
  ),
}
