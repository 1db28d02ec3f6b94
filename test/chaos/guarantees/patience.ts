/** How long a mail that was being handed over when it was stopped may still arrive: the courier's own timeout, and a moment. */
export const IN_FLIGHT_MS = 17_000
