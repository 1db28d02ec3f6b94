/** How far the time in a signature may lie from now, either way: what the providers' own clients allow for the past. */
const TOLERANCE_S = 300

/**
 * Whether a signature's time (seconds since 1970, as the header spells it) is near enough to now. The official clients
 * disagree about the future: Stripe's accepts any.
 */
export function isNearNow(seconds: string): boolean {
  return Math.abs(Date.now() / 1000 - Number(seconds)) <= TOLERANCE_S
}
