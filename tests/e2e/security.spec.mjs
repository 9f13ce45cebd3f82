// The policy that the page runs under, and what it may load.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';

test('the policy is strict', async ({ page, playground }) => {
  await playground.open();
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  const directives = Object.fromEntries(
    policy.split(';').map((part) => {
      const [name, ...sources] = part.trim().split(/\s+/);
      return [name, sources];
    }),
  );
  expect(directives['default-src']).toEqual(["'none'"]);
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy).not.toContain("'unsafe-eval'");
  const own = /^'(self|wasm-unsafe-eval|sha(256|384|512)-[A-Za-z0-9+/=]+)'$/;
  expect(directives['script-src'].filter((source) => !own.test(source))).toEqual([]);
  expect(directives['style-src'].filter((source) => !own.test(source))).toEqual([]);
  expect(directives['base-uri']).toEqual(["'none'"]);
  expect(directives['form-action']).toEqual(["'none'"]);
  // Open for any endpoint, and for images that a reader asks for; for nothing else.
  for (const [name, sources] of Object.entries(directives)) {
    if (!['connect-src', 'img-src'].includes(name)) expect(sources.filter((source) => /^https?:|\*/.test(source)), name).toEqual([]);
  }
  expect(await page.locator('[style*="javascript"], [onclick], [onload]').count()).toBe(0);
});

test('files that keep their names are asked for with the version of the build', async ({ page, playground }) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await playground.open();
  const version = await page.locator('meta[name="playground-worker"]').getAttribute('content');
  expect(version).toMatch(/^[0-9a-f]{16}$/);
  expect(asked.filter((url) => url.includes('/start.js')).map((url) => new URL(url).search)).toEqual([`?${version}`]);
});

test('the policy is in force: eval, inline script and inline style do nothing', async ({ page, playground, watch }) => {
  await playground.open();
  const hit = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.__inline = 1';
    document.head.append(script);
    const holder = document.createElement('div');
    holder.innerHTML = '<i style="width:5px" onclick="1"></i>';
    document.body.append(holder);
    const width = holder.firstChild.style.width;
    holder.remove();
    script.remove();
    return { script: window.__inline ?? null, width };
  });
  expect(hit).toEqual({ script: null, width: '' });
  const told = new Set();
  await expect
    .poll(() => {
      for (const fault of watch.takeFaults()) told.add(fault.match(/CSP violation: (\S+)/)?.[1]);
      return [...told].filter(Boolean).sort();
    })
    .toEqual(['script-src-attr', 'script-src-elem', 'style-src-attr']);
  // Chromium says the same again in its own words; that has to be in before the test ends.
  await page.waitForTimeout(300);
  watch.takeFaults();
});

test('a whole run breaks no rule', async ({ playground, endpoint, watch }) => {
  const scenario = endpoint.scenario(make.recording('logprobs_top5_stream', { chunk: 50 }));
  await playground.openFor(scenario);
  await playground.key.fill('sk-test');
  await playground.sendAndFinish(scenario);
  await playground.reaches('done');
  expect(watch.faults).toEqual([]);
});
