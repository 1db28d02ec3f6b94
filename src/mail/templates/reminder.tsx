import type { ReminderMail } from '../content.ts'
import { ClientFooter, Letter } from './letter.tsx'
import { Facts, Greeting, matterFacts, OnItsWay, Paragraph, PayLink } from './parts.tsx'
import type { Template } from './template.ts'

const ordinalRules = new Intl.PluralRules('en-US', { type: 'ordinal' })
const SUFFIX: Record<Intl.LDMLPluralRule, string> = {
  one: 'st',
  two: 'nd',
  few: 'rd',
  other: 'th',
  zero: 'th',
  many: 'th',
}

function introduction(nth: number): string {
  return nth <= 1 ? 'This is a reminder' : `This is our ${nth}${SUFFIX[ordinalRules.select(nth)]} reminder`
}

/** Reminds of the open request, for what is due now (R9). */
export const reminder: Template<ReminderMail> = {
  subject: (mail) =>
    `Reminder: ${mail.kind === 'INITIAL' ? 'retainer' : 'retainer top-up'} of ${mail.amountDue} due for matter ${mail.matterNumber}`,
  page: (mail) => (
    <Letter
      firmName={mail.firmName}
      heading={mail.kind === 'INITIAL' ? 'Retainer reminder' : 'Retainer top-up reminder'}
      preview={`Request ${mail.requestNumber}: ${mail.amountDue} is still due.`}
      footer={<ClientFooter />}
    >
      <Greeting clientName={mail.clientName} />
      <Paragraph>
        {introduction(mail.nth)} that {mail.amountDue} of our{' '}
        {mail.kind === 'INITIAL' ? 'retainer request' : 'request to top up your retainer'} is still due. If you have
        paid in the last few days, thank you: there is nothing more to do.
      </Paragraph>
      <Facts
        facts={[
          ...matterFacts(mail),
          ['Request', mail.requestNumber],
          ['Received so far', mail.received],
          ['On its way', mail.onItsWay],
          ['Amount due', mail.amountDue, 'key'],
        ]}
      />
      <OnItsWay amount={mail.onItsWay} />
      <PayLink firmName={mail.firmName} payUrl={mail.payUrl} />
    </Letter>
  ),
}
