import { appendFile, readFile } from 'node:fs/promises'
import type { Checked } from './strictness.ts'

/** What came of one document, by generator. */
export interface SdkResult {
  /** Relative to the corpus. */
  readonly file: string
  readonly checked: Readonly<Record<string, Checked>>
}

/** The results of a run, a line each; in a file, where a run that was stopped is to go on. */
export class SdkResults {
  readonly #file: string | undefined
  readonly #byFile = new Map<string, SdkResult>()

  private constructor(file: string | undefined, known: readonly SdkResult[]) {
    this.#file = file
    for (const result of known) this.#byFile.set(result.file, result)
  }

  static async open(file: string | undefined): Promise<SdkResults> {
    const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '')
    const lines = text.split('\n').filter((line) => line !== '')
    return new SdkResults(
      file,
      lines.map((line) => JSON.parse(line) as SdkResult),
    )
  }

  get all(): readonly SdkResult[] {
    return [...this.#byFile.values()]
  }

  of(file: string): SdkResult | undefined {
    return this.#byFile.get(file)
  }

  async add(result: SdkResult): Promise<void> {
    this.#byFile.set(result.file, result)
    if (this.#file !== undefined) await appendFile(this.#file, `${JSON.stringify(result)}\n`)
  }
}
