// The page over HTTP against a real server: the built-in endpoint, started for the test.

import { MODEL, startEndpoint } from '../support/live-endpoint.mjs';
import { expect, test as base } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const QUESTION = [{ role: 'user', content: 'Tell me a story.' }];
const STORY = { model: MODEL, messages: QUESTION, temperature: 0, stream: true };
const ENDLESS = { ...STORY, ignore_eos: true, max_tokens: 5000 };

const test = base.extend({
  /** Starts endpoints, which the page may reach, for as long as the test runs. */
  serve: async ({ watch }, use) => {
    const started = [];
    await use(async (options) => {
      const live = await startEndpoint(options);
      started.push(live);
      watch.allow(live.origin);
      return live;
    });
    await Promise.all(started.map((live) => live.stop()));
  },
});

test('an answer streams in as it is made, and is what the server says as a whole', async ({ playground, serve }) => {
  const live = await serve({ pace: 60 });
  await playground.open(plainLink({ base: live.base, body: STORY }));
  await playground.send.click();
  await expect(playground.content()).not.toHaveText('');
  expect(await playground.state()).toBe('streaming');
  const early = await playground.content().textContent();
  await playground.reaches('done', 30_000);
  const response = await fetch(`${live.base}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...STORY, stream: false }),
  });
  const [whole] = (await response.json()).choices;
  const shown = (await playground.shown()).choices[0];
  expect(shown.content).toBe(whole.message.content);
  expect(shown.finishReason).toBe(whole.finish_reason);
  expect(shown.content.startsWith(early) && shown.content.length > early.length).toBe(true);
});

test('Stop closes the connection, and the server makes no more', async ({ playground, serve }) => {
  const live = await serve({ pace: 100 });
  await playground.open(plainLink({ base: live.base, body: ENDLESS }));
  await playground.send.click();
  await expect(playground.content()).not.toHaveText('');
  expect((await live.metrics()).running).toBe(1);
  await playground.stop.click();
  await playground.reaches('stopped');
  const { tokens } = await live.runs(0);
  expect(tokens).toBeLessThan(2000);
});

test('a wrong key looks like no network, and the right one is let in', async ({ page, playground, serve }) => {
  const live = await serve({ key: 'sk-right' });
  await playground.open(plainLink({ base: live.base, body: { ...STORY, max_tokens: 5 } }));
  await playground.key.fill('sk-wrong');
  await playground.send.click();
  await playground.reaches('failed');
  await expect(playground.error).toHaveAttribute('data-error', 'network');
  await expect(playground.error).toContainText(/key/i);
  await playground.key.fill('sk-right');
  await playground.send.click();
  await playground.reaches('done');
  await expect(page.locator('[data-error]')).toHaveCount(0);
});

test('the box of the model lists what the server has', async ({ page, playground, serve }) => {
  const live = await serve();
  await playground.open(plainLink({ base: live.base, body: { messages: QUESTION } }));
  await page.getByRole('combobox', { name: 'model', exact: true }).click();
  const options = page.getByRole('listbox', { name: 'Models of the endpoint' }).getByRole('option');
  await expect(options).toHaveText([/playground-tiny\s*8,192 tokens/]);
});

test('what the server refuses is told in its words', async ({ playground, serve }) => {
  const live = await serve();
  await playground.open(plainLink({ base: live.base, body: { ...STORY, model: 'nope' } }));
  await playground.send.click();
  await playground.reaches('failed');
  await expect(playground.error).toHaveAttribute('data-error', '404');
  await expect(playground.error).toContainText('The model `nope` does not exist.');
});
