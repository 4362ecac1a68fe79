import { defineConfig } from 'vitest/config'
import { hasPostgresql } from './test/store/postgresql.ts'

const shared = { testTimeout: 30_000, hookTimeout: 120_000, restoreMocks: true, environment: 'node' } as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: [
            'test/{bench,corpus,spec,model,access,adopt,policy,docs,sdk,sandbox,components,islands,wording}/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['test/{store,authorization-server,conformance,apps,server,cli,consumers}/**/*.test.ts'],
          exclude: ['test/conformance/postgresql.test.ts'],
        },
      },
      {
        // Once more, on PostgreSQL: every test file that opens a store, but that of what SQLite alone does.
        test: {
          ...shared,
          name: 'postgresql',
          globalSetup: ['test/store/on-postgresql.ts'],
          setupFiles: ['test/store/use-postgresql.ts'],
          include: hasPostgresql()
            ? [
                'test/{store,authorization-server,conformance,apps}/**/*.test.ts',
                'test/cli/{policy,users}.test.ts',
                'test/server/{call-counts,counsel,external-sign-in,password-sign-in,readers}.test.ts',
              ]
            : [],
          exclude: ['test/store/group-commit.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          globalSetup: ['test/e2e/build.ts'],
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 300_000,
          // One server and one browser each: on two cores, side by side they only slow each other down.
          fileParallelism: false,
        },
      },
    ],
  },
})
