// Browser tests against the built page: Chromium alone, from the system.
//
// Environment: CHROMIUM is the browser (/usr/bin/chromium), DIST the built page (../dist).
// Results for the runner go to results/e2e.json.

import { defineConfig } from '@playwright/test';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'results/artifacts',
  globalSetup: './global-setup.mjs',
  workers: 2,
  // Tests that hold frames against a bound run one at a time, after all others: what they measure is the
  // page, not how busy two browsers keep a machine.
  projects: [
    { name: 'page', grepInvert: /@alone/ },
    { name: 'alone', grep: /@alone/, workers: 1, dependencies: ['page'] },
  ],
  fullyParallel: true,
  // Two browsers on a machine that does other things besides: what a busy moment upset is tried once more, and
  // named as flaky at the end. What is broken fails twice.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['line'], ['json', { outputFile: 'results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    // Set by the global setup, which runs before the workers start.
    baseURL: process.env.PAGE_ORIGIN,
    viewport: { width: 1600, height: 1000 },
    actionTimeout: 10_000,
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS },
  },
});
