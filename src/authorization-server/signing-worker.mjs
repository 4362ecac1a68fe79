import { sign } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

// Not TypeScript: a thread that reads that takes twice as long to start, and twice the memory.

/** Bytes of a signature. */
const LENGTH = 64

parentPort?.on('message', (/** @type {import('./signing-thread.ts').SigningJob} */ { key, texts }) => {
  const signatures = new Uint8Array(LENGTH * texts.length)
  for (const [index, text] of texts.entries())
    join(sign('sha256', Buffer.from(text, 'latin1'), key), signatures.subarray(LENGTH * index))
  parentPort?.postMessage(signatures, [signatures.buffer])
})

/**
 * What OpenSSL makes, a SEQUENCE of two INTEGERs, as the two numbers of 32 bytes side by side that RFC 7518 asks for (section
 * 3.4). Node could ask OpenSSL for those, but that takes as long again as the signature.
 *
 * @param {Buffer} signature
 * @param {Uint8Array} both
 */
function join(signature, both) {
  let at = 2
  for (const end of [LENGTH / 2, LENGTH]) {
    const start = at + 2
    at = start + (signature[at + 1] ?? 0)
    // Without leading zeros, but with one before a first bit that would read as a sign.
    const number = signature.subarray(Math.max(start, at - LENGTH / 2), at)
    both.set(number, end - number.length)
  }
}
