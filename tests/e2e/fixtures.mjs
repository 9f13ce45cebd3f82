// What every browser test stands on: scripted endpoints, the page, and three rules that no test may
// break: no console error, no uncaught error, no request to an origin that the test did not name.

import { test as base } from '@playwright/test';
import { Endpoint } from '../endpoint/endpoint.mjs';
import { Playground } from './playground.mjs';

export { expect } from '@playwright/test';

// The browser's own lines for a failed request are no error of the page's.
const BROWSER_LINES = [/^Failed to load resource: /, /blocked by CORS policy/];

/** What a page did that it must not do. */
class Watch {
  faults = [];
  #origins;

  constructor(origins) {
    this.#origins = new Set(origins);
  }

  /** Lets the page reach one more origin, given by any URL of it. */
  allow(url) {
    this.#origins.add(new URL(url).origin);
  }

  /** Takes the faults out, for a test that breaks the page on purpose. */
  takeFaults() {
    return this.faults.splice(0);
  }

  async attach(context) {
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      const text = message.text();
      if (!BROWSER_LINES.some((line) => line.test(text))) this.faults.push(`console: ${text}`);
    });
    context.on('weberror', (error) => this.faults.push(`uncaught: ${error.error()}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      const local = url.protocol === 'blob:' || url.protocol === 'data:';
      if (!local && !this.#origins.has(url.origin)) this.faults.push(`request to ${url.href}`);
    });
  }
}

export const test = base.extend({
  endpoint: [
    // Playwright reads a fixture's needs off this pattern.
    async ({}, use) => {
      const endpoint = await new Endpoint().start();
      await use(endpoint);
      await endpoint.close();
    },
    { scope: 'worker' },
  ],
  /** A second origin. */
  otherEndpoint: [
    async ({}, use) => {
      const endpoint = await new Endpoint().start();
      await use(endpoint);
      await endpoint.close();
    },
    { scope: 'worker' },
  ],
  watch: async ({ context, endpoint, otherEndpoint, baseURL }, use) => {
    const watch = new Watch([new URL(baseURL).origin, endpoint.origin, otherEndpoint.origin]);
    await watch.attach(context);
    await use(watch);
    if (watch.faults.length > 0) throw new Error(`The page must not do this:\n${watch.faults.join('\n')}`);
  },
  playground: async ({ page, watch }, use) => use(new Playground(page, watch)),
});
