import { rateLimits } from '../../api/limits/rate-limits.ts'

const MUCH = 1_000_000

/** Limits that no test meets by accident: years of a firm's life pass in minutes. */
export const generous = () =>
  rateLimits({ queries: MUCH, commands: MUCH, createOnline: MUCH, payLink: MUCH, payAddress: MUCH })
