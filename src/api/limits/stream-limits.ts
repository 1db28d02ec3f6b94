import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { ApiContext } from '../../../schema/context.ts'
import { codedGraphqlError } from '../coded-error.ts'
import { openStreams, withEnding } from './open-streams.ts'
import { askerOf } from './operation-limits.ts'

const COME_AGAIN_AFTER_S = 1

/** Bounds how many streams one asker has open, and lets a stream that ends with the process say to come again. */
export function streamLimits(closing: AbortSignal): Plugin<ApiContext> {
  const streams = openStreams()
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const close = streams.open(askerOf(args.contextValue))
      if (!close) {
        const message = 'You have too many streams open: close some first.'
        setResultAndStopExecution({ errors: [codedGraphqlError('TOO_MANY_STREAMS', message, { status: 429 })] })
        return undefined
      }
      return {
        onSubscribeResult({ result, setResult }) {
          if (!isAsyncIterable(result)) return close()
          setResult(
            withEnding(result, {
              lastWord: () => (closing.aborted ? { errors: [comeAgain()] } : null),
              onEnd: close,
            }),
          )
        },
        onSubscribeError: close,
      }
    },
  }
}

const comeAgain = () =>
  codedGraphqlError('TEMPORARILY_UNAVAILABLE', 'The stream ends here: subscribe again behind the last event you saw.', {
    facts: { retryAfterS: COME_AGAIN_AFTER_S },
  })
