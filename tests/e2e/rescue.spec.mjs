// When the program itself breaks, the request is offered for copying.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const BODY = { model: 'tiny', messages: [{ role: 'user', content: 'Do not lose me 4711' }] };

test('a panic shows the request and how to go on', async ({ page, playground, endpoint, watch }) => {
  const scenario = endpoint.scenario(make.recording('logprobs_top5_stream'));
  await playground.openFor(scenario, BODY);
  const rescue = page.locator('[data-rescue]').or(page.getByRole('alertdialog'));
  await expect(rescue).toHaveCount(0);
  // The browser fails under the page: elements can no longer be made from their patterns.
  await page.evaluate(() => {
    Node.prototype.cloneNode = () => {
      throw new Error('broken on purpose');
    };
  });
  await page.keyboard.press('Control+Enter');
  await expect(rescue).toBeVisible();
  const text = rescue.getByRole('textbox');
  expect(JSON.parse(await text.inputValue())).toEqual(BODY);
  await rescue.getByRole('button', { name: /copy/i }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('Do not lose me 4711');
  // The page starts again with the same request.
  await rescue.getByRole('button', { name: /reload/i }).click();
  await expect(rescue).toHaveCount(0);
  await playground.ready();
  // Until then every event of the stream met the broken program.
  watch.takeFaults();
  expect(JSON.parse(await playground.requestText())).toEqual(BODY);
});

test('a page that cannot start says so', async ({ page, watch, endpoint }) => {
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 200, contentType: 'application/wasm', body: 'no wasm' }));
  await page.goto(`/${plainLink({ base: endpoint.origin, body: BODY })}`);
  await expect(page.locator('[data-rescue]').or(page.getByRole('alertdialog'))).toBeVisible();
  watch.takeFaults();
});
