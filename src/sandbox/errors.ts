/** What Stripe puts under `error` in the body of a refusal. */
export interface ErrorDetail {
  type: 'invalid_request_error' | 'idempotency_error' | 'api_error' | 'card_error'
  message: string
  code?: string
  param?: string
}

/** A refusal on its way to the caller. */
export class ApiError extends Error {
  readonly status: number
  readonly detail: ErrorDetail
  /** False for refusals of the parameters themselves: those never began to execute, so no idempotency key keeps them. */
  readonly executed: boolean

  constructor(status: number, detail: ErrorDetail, executed = true) {
    super(detail.message)
    this.status = status
    this.detail = detail
    this.executed = executed
  }
}

/** 400 about what was asked; `executed` as in `ApiError`. */
export function invalidRequest(
  message: string,
  extra: { code?: string; param?: string } = {},
  executed = true,
): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, ...extra }, executed)
}

/** 404 for an id that does not exist, or not in this account. `name` as Stripe spells it: 'checkout.session'. */
export function noSuch(name: string, id: string, param = 'id'): ApiError {
  const message = `No such ${name}: '${id}'`
  return new ApiError(404, { type: 'invalid_request_error', code: 'resource_missing', message, param })
}

/** The refusal as it goes over the wire. */
export function errorBody({ detail }: ApiError): object {
  const url = detail.code && { doc_url: `https://stripe.com/docs/error-codes/${detail.code.replaceAll('_', '-')}` }
  return { error: { ...detail, ...url } }
}
