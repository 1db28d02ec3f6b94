const POLL_MS = 10

/** Polls until `holds` answers true (or a value), and fails naming the promise when the deadline passes. */
export async function until<T>(
  promise: string,
  holds: () => Promise<T | false | undefined | null>,
  deadlineMs = 60_000,
): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    // A look that is slow is not the last one.
    const isLast = Date.now() > end
    const value = await holds()
    if (value) return value
    if (isLast) throw new Error(`Waited ${deadlineMs} ms in vain until ${promise}.`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
