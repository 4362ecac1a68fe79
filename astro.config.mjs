import { fileURLToPath } from 'node:url'
import node from '@astrojs/node'
import react from '@astrojs/react'
import { defineConfig } from 'astro/config'
import { msw } from 'msw/vite'
import { basicFonts } from './src/components/basic-fonts.ts'

export default defineConfig({
  output: 'server',
  // `src/server` is the server; Astro renders the pages that it is handed.
  adapter: node({
    mode: 'middleware',
    // No form of ours is larger.
    bodySizeLimit: 256 * 1024,
    // A page goes out when it is whole (`src/server/page-server.ts`): in pieces it would only take longer.
    experimentalDisableStreaming: true,
  }),
  integrations: [react(), basicFonts(), portal()],
  // Styles and scripts are files that stay with a browser; what is inline would come again with each page, and each of them
  // would need its hash in the policy.
  build: { inlineStylesheets: 'never' },
  vite: {
    build: {
      cssCodeSplit: false,
      assetsInlineLimit: 0,
      // A script takes the phrases that it says, and not those of the others along.
      rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /\/src\/wording\//, sideEffects: false }] } },
    },
    plugins: [msw({ mode: 'worker-only' })],
    resolve: { alias: { tldts: fileURLToPath(new URL('./src/sandbox/registrable-domain.ts', import.meta.url)) } },
  },
  trailingSlash: 'never',
  security: {
    // Every unsafe request is checked for its origin in `src/server/origin.ts`, before Astro is asked.
    checkOrigin: false,
    csp: {
      directives: [
        "default-src 'none'",
        "base-uri 'none'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "worker-src 'self'",
      ],
    },
  },
  devToolbar: { enabled: false },
  server: { host: '127.0.0.1', port: 4321 },
})

/** `astro dev` with everything mounted: the same wiring as `sallyport start`, in front of Vite. */
function portal() {
  return {
    name: 'sallyport',
    hooks: {
      'astro:server:setup': async ({ server }) => {
        const { mountForDevelopment } = await import('./src/server/development.ts')
        await mountForDevelopment(server)
      },
    },
  }
}
