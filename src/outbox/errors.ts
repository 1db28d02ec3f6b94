/** A refusal as Resend words it: the client hands `name`, `message` and `statusCode` to its caller. */
export class ApiError extends Error {
  readonly statusCode: number
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }

  /** The body that goes over the wire. */
  body(): object {
    return { statusCode: this.statusCode, name: this.code, message: this.message }
  }
}

/** 422 about one field of an email. */
export const invalid = (message: string) => new ApiError(422, 'validation_error', message)
/** 422 about a field that is not there. */
export const missing = (field: string) => new ApiError(422, 'missing_required_field', `Missing \`${field}\` field.`)
