import { checkDirectories } from '../server/directories.ts'
import { type Environment, readEnvironment } from '../server/environment.ts'
import { openStore, type Store } from '../store/store.ts'

/** Runs a command on the server's own database, whether the server is up or not. */
export async function withStore<T>(work: (store: Store, environment: Environment) => Promise<T>): Promise<T> {
  const environment = readEnvironment(process.env)
  await checkDirectories(environment)
  const { dataDir, databaseUrl } = environment
  const store = await openStore({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) })
  try {
    return await work(store, environment)
  } finally {
    await store.close()
  }
}
