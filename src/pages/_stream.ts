/**
 * Text that is made while it is sent, since there may be more of it than memory: a piece at a time, each when those before
 * have left, and in between everyone else has a turn.
 */
export function streamed(
  pieces: Iterator<string> | AsyncIterator<string>,
  { drained }: Pick<App.Locals, 'drained'>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      await drained()
      await new Promise(setImmediate)
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
  })
}
