import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import type { Encoding } from './encoding.ts'

type Sent = (error?: Error | null) => void

/** Bytes that may be held back to compress them better: brotli would by itself keep megabytes. */
const HELD = 256 * 1024

/** What is written to a 200 from here on goes out compressed while more is made: for what is too large to be held. */
export function compressStream(request: IncomingMessage, response: ServerResponse, encoding: Encoding): void {
  response.appendHeader('Vary', 'Accept-Encoding')
  if (encoding === 'identity' || request.method !== 'GET') return
  const encoder =
    encoding === 'gzip' ? createGzip() : createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
  const writeHead = response.writeHead.bind(response)
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  let compressed = false
  let held = HELD
  encoder.on('data', (chunk: Buffer) => {
    if (!write(chunk)) encoder.pause()
  })
  response.on('drain', () => encoder.resume())
  encoder.on('end', () => end())
  // Written to by who hasn't heard yet that the client is gone.
  encoder.on('error', () => response.destroy())
  response.once('close', () => encoder.destroy())
  // Where the client is slow the encoder fills, and whoever writes to it hears that from the response.
  encoder.on('drain', () => response.emit('drain'))
  Object.defineProperty(response, 'writableNeedDrain', { get: () => encoder.writableNeedDrain })
  Object.assign(response, {
    writeHead(status: number, headers: OutgoingHttpHeaders = {}) {
      compressed = status === 200
      if (compressed) response.setHeader('Content-Encoding', encoding)
      writeHead(status, headers)
      response.flushHeaders()
      return response
    },
    write(chunk: Uint8Array, sent?: Sent) {
      if (!compressed) return write(chunk, sent)
      const more = encoder.write(chunk, sent)
      held += chunk.length
      if (held > HELD) {
        encoder.flush()
        held = 0
      }
      return more
    },
    end(chunk?: Uint8Array) {
      if (compressed) encoder.end(chunk)
      else end(chunk)
      return response
    },
  })
}
