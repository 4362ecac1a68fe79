import type { KeyObject } from 'node:crypto'
import { Worker } from 'node:worker_threads'

/** What the thread ({@link ./signing-worker.mjs}) is asked. It answers with the signatures, one after another. */
export interface SigningJob {
  /** Private, of ES256. */
  readonly key: KeyObject
  /** In ASCII. */
  readonly texts: readonly string[]
}

interface Asked {
  readonly key: KeyObject
  readonly text: string
  readonly resolve: (signature: Uint8Array) => void
  readonly reject: (error: Error) => void
}

/**
 * Has signatures made by another thread: all those together that are asked for in one turn of the event loop, since to hand
 * one there and back takes half as long as to make it. The thread is started by the first one.
 */
export class SigningThread {
  #worker: Worker | undefined
  /** In this turn. */
  #asked: Asked[] = []
  /** Those that the thread has been sent, in the order of its answers. */
  #sent: (readonly Asked[])[] = []

  sign(key: KeyObject, text: string): Promise<Uint8Array> {
    if (this.#asked.length === 0) setImmediate(() => this.#send())
    return new Promise((resolve, reject) => this.#asked.push({ key, text, resolve, reject }))
  }

  #send(): void {
    this.#worker ??= this.#start()
    for (const [key, asked] of Map.groupBy(this.#asked, ({ key }) => key)) {
      this.#worker.postMessage({ key, texts: asked.map(({ text }) => text) } satisfies SigningJob)
      this.#sent.push(asked)
    }
    this.#asked = []
  }

  #start(): Worker {
    const worker = new Worker(new URL('./signing-worker.mjs', import.meta.url), { resourceLimits: MEMORY })
    let fault = new Error('The thread that signs has ended.')
    worker.unref()
    worker.on('message', (signatures: Uint8Array) => {
      const asked = this.#sent.shift() ?? []
      const length = signatures.length / asked.length
      for (const [index, { resolve }] of asked.entries())
        resolve(signatures.subarray(length * index, length * (index + 1)))
    })
    worker.on('error', (error: Error) => {
      fault = error
    })
    worker.on('exit', () => {
      this.#worker = undefined
      for (const { reject } of this.#sent.splice(0).flat()) reject(fault)
    })
    return worker
  }

  /** Whoever still waits for a signature gets none. */
  close(): void {
    void this.#worker?.terminate()
  }
}

/** In MB. It keeps nothing. */
const MEMORY = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 }
