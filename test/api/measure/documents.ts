/** What the screens of a biller ask for. */

/** The page of one matter. */
export const MATTER_PAGE = `query MatterPage($id: ID!) {
  matter(id: $id) {
    id number title client { name email }
    billingOptions { enabled payNewInvoices initialAmount { amount } replenishment { enabled minimumBalance { amount } topUpTriggerAmount { amount } } }
    retainer {
      phase canCreateOnline nextReminderAt
      balance { amount currencyCode } pending { amount } amountDue { amount }
      openRequest { number kind amount { amount } received { amount } remaining { amount } overdue sentAt payUrl }
      transactions(first: 10) { nodes { at kind amount { amount } balance { amount } } }
      attention { code message since }
    }
  }
}`

/** The list of 50 matters, the latest activity first. */
export const LIST_OF_50 = `query MatterList {
  matters(first: 50, orderBy: { field: LAST_ACTIVITY, direction: DESC }) {
    nodes { id number title client { name } retainer { phase balance { amount } amountDue { amount } openRequest { number overdue } } }
    pageInfo { hasNextPage endCursor }
  }
}`

/** The list of 50 with what each matter last did. */
export const LIST_WITH_TRANSACTIONS = `query MatterListInFull {
  matters(first: 50, orderBy: { field: LAST_ACTIVITY, direction: DESC }) {
    nodes { id number title client { name }
      retainer { phase balance { amount } pending { amount } amountDue { amount } canCreateOnline
        openRequest { number remaining { amount } overdue payUrl }
        transactions(first: 5) { nodes { kind at amount { amount } balance { amount } } } attention { code message } } }
    pageInfo { hasNextPage endCursor }
  }
}`

/** The dashboard's figures. */
export const TOTALS = `query Dashboard {
  viewer { totals { held { amount } requestedAndUnpaid { amount } requestedCount overdue { amount } overdueCount belowMinimumCount attentionCount } }
}`

export const CREATE_ONLINE = `mutation CreateOnline($input: CreateOnlineInput!) {
  createOnline(input: $input) {
    __typename
    ... on CreateOnlinePayload { request { number amount { amount } payUrl } }
    ... on Refusal { code message }
  }
}`

export const SAVE_OPTIONS = `mutation SaveOptions($input: UpdateMatterBillingOptionsInput!) {
  updateMatterBillingOptions(input: $input) { __typename ... on Refusal { code message } }
}`
