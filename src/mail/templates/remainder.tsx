import type { RemainderMail } from '../content.ts'
import { ClientFooter, Letter } from './letter.tsx'
import { Facts, Greeting, matterFacts, OnItsWay, Paragraph, PayLink } from './parts.tsx'
import type { Template } from './template.ts'

/** The same request again, for what remains: after $900 of $1,000 it asks for $100 (R5). */
export const remainder: Template<RemainderMail> = {
  subject: (mail) =>
    `${mail.kind === 'INITIAL' ? 'Remaining retainer' : 'Remaining top-up'} for matter ${mail.matterNumber}: ${mail.amountDue}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading={mail.kind === 'INITIAL' ? 'Remaining retainer' : 'Remaining retainer top-up'}
      preview={`Request ${mail.requestNumber}: ${mail.received} received, ${mail.amountDue} remaining.`}
      footer={<ClientFooter />}
    >
      <Greeting clientName={mail.clientName} />
      <Paragraph>
        Thank you: we have received {mail.received} toward request {mail.requestNumber}. We now ask you to pay the
        remaining {mail.amountDue}.
      </Paragraph>
      <Facts
        facts={[
          ...matterFacts(mail),
          ['Request', mail.requestNumber],
          ['Received so far', mail.received],
          ['On its way', mail.onItsWay],
          ['Remaining', mail.amountDue, 'key'],
        ]}
      />
      <OnItsWay amount={mail.onItsWay} />
      <PayLink firmName={mail.firmName} payUrl={mail.payUrl} />
    </Letter>
  ),
}
