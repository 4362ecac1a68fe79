import { sign } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { SIGNATURE, type SigningJob } from './signing-job.ts'

parentPort?.on('message', ({ key, texts }: SigningJob) => {
  const signatures = new Uint8Array(SIGNATURE * texts.length)
  for (const [index, text] of texts.entries())
    join(sign('sha256', Buffer.from(text, 'latin1'), key), signatures.subarray(SIGNATURE * index))
  parentPort?.postMessage(signatures, [signatures.buffer])
})

/**
 * What OpenSSL makes, a SEQUENCE of two INTEGERs, as the two numbers of 32 bytes side by side that RFC 7518 asks for (section
 * 3.4). Node could ask OpenSSL for those, but that takes as long again as the signature.
 */
function join(signature: Buffer, both: Uint8Array): void {
  let at = 2
  for (const end of [SIGNATURE / 2, SIGNATURE]) {
    const start = at + 2
    at = start + (signature[at + 1] ?? 0)
    // Without leading zeros, but with one before a first bit that would read as a sign.
    const number = signature.subarray(Math.max(start, at - SIGNATURE / 2), at)
    both.set(number, end - number.length)
  }
}
