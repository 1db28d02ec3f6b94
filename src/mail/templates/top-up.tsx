import type { TopUpMail } from '../content.ts'
import { ClientFooter, Letter } from './letter.tsx'
import { Facts, Greeting, matterFacts, OnItsWay, Paragraph, PayLink } from './parts.tsx'
import type { Template } from './template.ts'

/** Asks the client to bring the retainer back to its minimum (R7). */
export const topUp: Template<TopUpMail> = {
  subject: (mail) => `Retainer top-up for matter ${mail.matterNumber}: ${mail.amountDue}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading="Retainer top-up"
      preview={`Request ${mail.requestNumber}: the balance is ${mail.balance}, ${mail.amountDue} is due.`}
      footer={<ClientFooter />}
    >
      <Greeting clientName={mail.clientName} />
      <Paragraph>
        The retainer for the matter below is kept at a minimum balance of {mail.minimumBalance}, so that our invoices
        can be paid from it and work can go on. The balance is now {mail.balance}. We ask you to pay {mail.amountDue} to
        top it up.
      </Paragraph>
      <Facts
        facts={[
          ...matterFacts(mail),
          ['Request', mail.requestNumber],
          ['Minimum balance', mail.minimumBalance],
          ['Current balance', mail.balance],
          ['On its way', mail.onItsWay],
          ['Amount due', mail.amountDue, 'key'],
        ]}
      />
      <OnItsWay amount={mail.onItsWay} />
      <PayLink firmName={mail.firmName} payUrl={mail.payUrl} />
    </Letter>
  ),
}
