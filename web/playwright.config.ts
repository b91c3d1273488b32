import { defineConfig } from '@playwright/test';

// Debian's Chromium: no browser is downloaded. Without the background flags it looks up its maker's hosts at every start.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'e2e/.out',
  retries: 0,
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: process.env['CI'] ? [['line']] : [['list']],
  use: {
    trace: 'off',
    launchOptions: {
      executablePath: process.env['PARLEY_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A name that is not the machine itself: the pages' answer to an insecure origin is tested under it.
        '--host-resolver-rules=MAP parley.test 127.0.0.1',
      ],
    },
  },
});
