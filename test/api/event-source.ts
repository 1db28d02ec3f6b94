/** Server-sent events of one response, as graphql-sse's distinct connections mode frames them. */
export async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const),
      )
      text = text.slice(end + 2)
      const event = fields.get('event')
      if (event) yield { event, data: fields.get('data') ?? '' }
    }
  }
}
