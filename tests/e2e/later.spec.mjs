// What the page needs only once it is used comes in a file of its own: not before, and with a way to
// go on when it does not come.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';

const FILE = '**/split_later.wasm';

/** The wasm files that the page asked for. */
function wasmFiles(page) {
  const files = [];
  page.on('request', (request) => {
    const name = new URL(request.url()).pathname.split('/').at(-1);
    // The worker's is loaded apart, and not before the page is used (builtin.spec.mjs).
    if (name.endsWith('.wasm') && !/^(worker|templates)/.test(name)) files.push(name.replace(/-[0-9a-f]+_bg/, ''));
  });
  return files;
}

/** Lets no such file through. What it gives takes the refusals out of the page's faults, all of them. */
async function refuse(page, watch) {
  let refused = 0;
  await page.route(FILE, (route) => {
    refused += 1;
    return route.abort();
  });
  return async () => {
    // The console tells each some time after it happened.
    await expect.poll(() => watch.faults.length).toBe(refused);
    watch.takeFaults();
  };
}

test('a first visit loads the page alone; the first sign of use brings the rest, once', async ({ page, playground }) => {
  const files = wasmFiles(page);
  await playground.open();
  await page.waitForLoadState('networkidle');
  expect(files).toEqual(['playground.wasm']);
  await expect(page.locator('[data-parameter]')).toHaveCount(51);
  await playground.base.focus();
  await expect.poll(() => files).toEqual(['playground.wasm', 'split_later.wasm']);
  await playground.parameter('temperature').getByRole('button', { name: 'About temperature' }).click();
  await expect(playground.parameter('temperature')).toContainText('takes it');
  expect(files).toEqual(['playground.wasm', 'split_later.wasm']);
});

test('a request sent before the file is here goes out when it comes', async ({ page, playground, endpoint, watch }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  const takeRefusals = await refuse(page, watch);
  await playground.openFor(scenario);
  await playground.send.click();
  const again = page.getByRole('button', { name: 'Try again' }).first();
  await expect(again).toBeVisible();
  await expect(playground.run).toHaveAttribute('data-run-state', 'sending');
  await takeRefusals();
  await page.unroute(FILE);
  await again.click();
  await expect(playground.run).toHaveAttribute('data-run-state', 'done');
  await expect(page.locator('[data-choice="0"] [data-part="content"]')).not.toBeEmpty();
});

test('a request that waits for the file can be stopped, and is not sent', async ({ page, playground, endpoint, watch }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  const takeRefusals = await refuse(page, watch);
  await playground.openFor(scenario);
  await playground.send.click();
  await playground.stop.click();
  await expect(playground.run).toHaveAttribute('data-run-state', 'idle');
  await takeRefusals();
  await page.unroute(FILE);
  await playground.parameter('temperature').getByRole('button', { name: 'About temperature' }).click();
  await expect(playground.parameter('temperature')).toContainText('takes it');
  expect(scenario.calls).toHaveLength(0);
});

test('a request sent twice before the file is here goes out once', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(FILE, async (route) => {
    await released;
    await route.continue();
  });
  await playground.openFor(scenario);
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  await expect(playground.run).toHaveAttribute('data-run-state', 'sending');
  release();
  await expect(playground.run).toHaveAttribute('data-run-state', 'done');
  expect(scenario.calls).toHaveLength(1);
});
