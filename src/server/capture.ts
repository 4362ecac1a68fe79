import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Runs what answers, and keeps back the body that it writes; status and headers are left on the response, unsent. */
export async function capture(response: ServerResponse, answer: () => Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = []
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk))
    // Not copied: whoever writes a chunk is done with it.
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
  }
  const { writeHead, write, end } = response
  const written = new Promise<void>((resolve) => {
    Object.assign(response, {
      writeHead(status: number, headers: OutgoingHttpHeaders = {}) {
        response.statusCode = status
        for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value)
        return response
      },
      write(chunk: unknown, sent?: unknown) {
        keep(chunk)
        if (typeof sent === 'function') sent()
        return true
      },
      end(chunk: unknown) {
        keep(chunk)
        resolve()
        return response
      },
    })
    response.once('close', resolve)
  })
  try {
    await answer()
    await written
  } finally {
    Object.assign(response, { writeHead, write, end })
  }
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
}
