import type { MailByTemplate } from '../../src/mail/content.ts'

const matter = {
  firmName: 'Ashworth & Lane LLP',
  clientName: 'Ada Byron',
  matterNumber: '2026-0142',
  matterTitle: 'Byron v. Harbor Shipping Co.',
}
const asked = {
  ...matter,
  requestNumber: 'RR-1042',
  amountDue: '$1,000.00',
  payUrl: 'https://pay.example.com/pay/q7Jm2xN0aVt4Zk9Yc1Hs8Rf5Lw3Pd6Be.Gu',
}
const received = {
  ...matter,
  amount: '$900.00',
  receivedOn: 'March 3, 2026',
  method: 'Visa ending in 4242',
  reference: 'pi_3PqT7x2eZvKYlo2C',
  newBalance: '$900.00',
}

/** One whole mail of every template, with every optional fact present. */
export const EXAMPLES: MailByTemplate = {
  request: { ...asked, onItsWay: '$20.00' },
  remainder: { ...asked, kind: 'INITIAL', received: '$900.00', onItsWay: '$25.00', amountDue: '$75.00' },
  topUp: { ...asked, minimumBalance: '$5,000.00', balance: '$2,500.00', onItsWay: '$40.00', amountDue: '$2,460.00' },
  reminder: { ...asked, kind: 'TOP_UP', nth: 2, received: '$300.00', onItsWay: '$50.00', amountDue: '$650.00' },
  receipt: { ...received, remainingDue: '$75.00', excess: '$12.00' },
  paymentReceived: {
    ...received,
    remainingDue: '$75.00',
    excess: '$12.00',
    matterUrl: 'https://firm.example.com/matters/142',
  },
  refundNotice: {
    ...matter,
    amount: '$940.00',
    parts: [
      { amount: '$600.00', method: 'card', paidOn: 'March 3, 2026', reference: 'pi_3PqT7x2eZvKYlo2C' },
      { amount: '$300.00', method: 'bank', paidOn: 'February 2, 2026', reference: 'pi_3PqT7x2eZvKYlo2D' },
    ],
    otherMeans: '$40.00',
  },
  needsAttention: {
    ...matter,
    code: 'PAYMENT_AFTER_REQUEST_ENDED',
    requestNumber: 'RR-1042',
    amount: '$900.00',
    balance: '$910.00',
    reference: 'pi_3PqT7x2eZvKYlo2C',
    payment: 'pi_3PqT7x2eZvKYlo2E',
    deadline: 'April 9, 2026 at 7:59 PM EDT',
    matterUrl: 'https://firm.example.com/matters/142',
  },
  topUpCopy: {
    ...matter,
    requestNumber: 'RR-1043',
    amountDue: '$2,460.00',
    minimumBalance: '$5,000.00',
    balance: '$2,500.00',
    onItsWay: '$40.00',
    matterUrl: 'https://firm.example.com/matters/142',
  },
}
