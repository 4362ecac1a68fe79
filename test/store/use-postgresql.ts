import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    postgresql: string
  }
}

process.env.TEST_POSTGRESQL = inject('postgresql')
