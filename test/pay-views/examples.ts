import type { payPage } from '../../src/pay/views/pay-page.ts'
import type { thanksPage } from '../../src/pay/views/thanks-page.ts'

/** A request for an initial retainer of which something was received and something is on its way. */
export const PAY: Parameters<typeof payPage>[0] = {
  firmName: 'Ashworth & Lane LLP',
  matterNumber: '2026-0142',
  matterTitle: 'Byron v. Harbor Shipping Co.',
  clientName: 'Ada Byron',
  requestNumber: 'RR-1042',
  kind: 'INITIAL',
  due: '$75.00',
  received: '$900.00',
  pending: '$25.00',
  smallestPayment: '$0.50',
  largestPayment: '$999,999.99',
  currencyCode: 'USD',
  actionUrl: '/pay/RR-1042.q7Jm2xN0',
  attemptId: 'att_01HZX',
}

export const THANKS: Parameters<typeof thanksPage>[0] = {
  firmName: 'Ashworth & Lane LLP',
  amount: '$900.00',
  state: 'posted',
  balance: '$910.00',
  remaining: '$75.00',
  postedAt: 'March 3, 2026, 2:05 PM EST',
  reference: 'pi_3PqT7x2eZvKYlo2C',
  payAgainUrl: '/pay/RR-1042.q7Jm2xN0',
}
