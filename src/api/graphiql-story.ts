import { randomUUID } from 'node:crypto'

/** What GraphiQL's Headers pane begins with: a token, or a place for one. */
export const headers = (token: string | null): string => JSON.stringify({ Authorization: `Bearer ${token ?? 'TOKEN'}` })

const GIVEN = `# 1. Headers, below, has a token for some hours. For
#    others: npm run --silent token -- --role reader`
const TO_BE_PUT = `# 1. Headers, below: put a token for TOKEN. One comes by
#    npm run --silent token -- --role admin`

/**
 * What GraphiQL opens with: the article's story, to be run from top to bottom, with keys that nobody has used. Lines fit beside the
 * answers.
 */
export function story(token: string | null): string {
  const year = new Date().getFullYear()
  const key = (): string => `$key: ID! = "${randomUUID()}"`
  return `${token ? GIVEN : TO_BE_PUT}
# 2. Run MyMatters, and put an id of it into Variables:
#    { "matterId": "..." }
# 3. Run the others from top to bottom. Sent again with
#    the same key, a command answers the same and does
#    nothing twice; another UUID makes it a new one.

query MyMatters {
  matters(first: 5) {
    nodes {
      id
      number
      title
      client { id name }
      retainer {
        phase
        balance { amount }
        amountDue { amount }
        canCreateOnline
      }
    }
  }
}

mutation EnableRetainer(
  $matterId: ID!
  ${key()}
) {
  updateMatterBillingOptions(input: {
    idempotencyKey: $key
    matterId: $matterId
    enabled: true
    payNewInvoices: AUTOMATIC
    initialAmount: {
      amount: "1000.00"
      currencyCode: USD
    }
    replenishment: { enabled: false }
  }) {
    ... on UpdateMatterBillingOptionsPayload {
      matter { retainer { phase amountDue { amount } } }
    }
    ... on Refusal { code message }
  }
}

# Open payUrl, and pay with a card of the sandbox.
mutation CreateOnline(
  $matterId: ID!
  ${key()}
) {
  createOnline(input: {
    idempotencyKey: $key
    matterId: $matterId
  }) {
    ... on CreateOnlinePayload {
      request { number amount { amount } payUrl }
    }
    ... on Refusal { code message }
  }
}

subscription WatchItBePaid($matterId: ID!) {
  retainerEvents(matterId: $matterId, after: 0) {
    sequence
    at
    type
    balance { amount }
    amountDue { amount }
    decisions { sentence }
  }
}

mutation RecordInvoice(
  $matterId: ID!
  ${key()}
) {
  recordInvoice(input: {
    idempotencyKey: $key
    matterId: $matterId
    number: "${year}-001"
    amount: { amount: "700.00", currencyCode: USD }
  }) {
    ... on RecordInvoicePayload {
      invoice { paid { amount } rest { amount } }
      matter { retainer { balance { amount } } }
    }
    ... on Refusal { code message }
  }
}

mutation RefundSome(
  $matterId: ID!
  ${key()}
) {
  refundRetainer(input: {
    idempotencyKey: $key
    matterId: $matterId
    amount: { amount: "50.00", currencyCode: USD }
  }) {
    ... on RefundRetainerPayload {
      refund {
        amount { amount }
        status
        parts { means amount { amount } status }
      }
    }
    ... on InsufficientBalance { missing { amount } }
    ... on Refusal { code message }
  }
}

# To another matter of the same client, enabled as well.
mutation TransferToAnotherMatter(
  $matterId: ID!
  $toMatterId: ID!
  ${key()}
) {
  transferRetainer(input: {
    idempotencyKey: $key
    matterId: $matterId
    toMatterId: $toMatterId
    amount: { amount: "100.00", currencyCode: USD }
  }) {
    ... on TransferRetainerPayload {
      matter { retainer { balance { amount } } }
      toMatter { retainer { balance { amount } } }
    }
    ... on Refusal { code message }
  }
}

# printUrl opens in a browser, without a token.
query StatementToPrint($matterId: ID!) {
  matter(id: $matterId) {
    retainer {
      statement(from: "${year}-01-01", to: "${year}-12-31") {
        opening { amount }
        closing { amount }
        lines {
          day
          kind
          direction
          amount { amount }
          balance { amount }
        }
        printUrl
      }
    }
  }
}

query TheFirmsBooks {
  viewer {
    trialBalance {
      accounts {
        account
        debits { amount }
        credits { amount }
        balance { amount }
      }
    }
    unappliedFunds {
      nodes {
        id
        unapplied { amount }
        matter { number }
      }
    }
    payouts(first: 5) {
      nodes {
        arrivesAt
        gross { amount }
        fees { amount }
        net { amount }
      }
    }
    journalExport(
      from: "${year}-01-01", to: "${year}-12-31"
    ) { url }
  }
}

query WhyDidTheClientGetAMail($matterId: ID!) {
  matter(id: $matterId) {
    retainer {
      decisions(first: 20) {
        nodes { at rule sentence }
      }
    }
  }
}
`
}
