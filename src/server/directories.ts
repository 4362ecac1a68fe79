import { access, constants, mkdir, stat } from 'node:fs/promises'
import { type Environment, EnvironmentError } from './environment.ts'

/** @throws {EnvironmentError} where `DATA_DIR` can't be written or `SPECS_DIR` can't be read */
export async function checkDirectories({ dataDir, specsDir }: Environment): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new EnvironmentError(
      `DATA_DIR: ${dataDir} can't be written (${code(error)}). It takes a folder that this user may write to.`,
    )
  }
  try {
    if (!(await stat(specsDir)).isDirectory()) throw new EnvironmentError(`SPECS_DIR: ${specsDir} is not a folder.`)
    await access(specsDir, constants.R_OK | constants.X_OK)
  } catch (error) {
    if (error instanceof EnvironmentError) throw error
    throw new EnvironmentError(
      `SPECS_DIR: ${specsDir} can't be read (${code(error)}). It takes a folder of OpenAPI documents.`,
    )
  }
}

function code(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
