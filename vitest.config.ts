import { defineConfig } from 'vitest/config'

/** Tests that start whole processes again and again, or live through years or at random: `npm run test:long`. */
const LONG = 'test/**/*.long.test.ts'

export default defineConfig({
  // One copy of graphql for our modules and for the libraries that require it: it refuses schemas of another copy.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/fixed-seed.ts'],
    // What is waited for fails by itself and says what it was: these are only for what nobody thought of.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // Our modules hold no state, and loading them anew for each of the files took a quarter of the time.
    isolate: false,
    // One more than the two cores they are meant for: much of what they do is wait for servers, clocks and retries.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'short', include: ['test/**/*.test.ts'], exclude: [LONG] } },
      { extends: true, test: { name: 'long', include: [LONG] } },
    ],
  },
})
