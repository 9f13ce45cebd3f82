// The built-in endpoint: a first visit has a model to talk to, inside the page, with no key and no network.

import { recording } from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const STORY = {
  model: 'playground-tiny', messages: [{ role: 'user', content: 'Tell me a story.' }], temperature: 0.9, seed: 5,
  max_tokens: 120, stream: true, stream_options: { include_usage: true },
};
const WORKER = '**/start-worker.js*';
const link = (body) => plainLink({ base: 'builtin', body });
const pace = (page) => page.getByRole('combobox', { name: 'Pace of the built-in model' });
const FULL = 'As fast as it can';

/** Opens the page with a request for the built-in endpoint, at its full pace. */
async function openFor(page, playground, body) {
  await page.addInitScript(() => localStorage.setItem('playground.pace', 'full'));
  await playground.open(link(body));
}

/** Sends, and gives what is shown in the end. */
async function answerOf(playground) {
  await playground.send.click();
  await expect(playground.run).toHaveAttribute('data-run-state', /done|failed/, { timeout: 30_000 });
  return playground.shown();
}

test('a first visit can send at once: text streams, with what the model nearly said', async ({ page, playground }) => {
  const asked = new Set();
  page.on('request', (request) => asked.add(new URL(request.url()).pathname.replace(/-[0-9a-f]{8,}/, '')));
  await playground.open();
  await expect(playground.base).toHaveValue('builtin');
  await expect(playground.base).toHaveAccessibleDescription(/tiny language model inside this page.*a real one/);
  expect([...asked].filter((path) => /worker/.test(path))).toEqual([]);
  await playground.send.click();
  await playground.reaches('streaming');
  const early = (await playground.content().textContent()).length;
  await playground.reaches('done', 30_000);
  const shown = await playground.shown();
  expect(shown.choices[0].content.length).toBeGreaterThan(Math.max(early, 100));
  expect(shown.choices[0].finishReason).toMatch(/^(stop|length)$/);
  const token = page.locator('[data-token="3"]').first();
  await expect(token).toHaveAttribute('data-logprob', /^-?[\d.e-]+$/);
  const files = [...asked].filter((path) => !/^\/$|\.(js|wasm|css|svg)$/.test(path));
  expect(files, 'nothing but the page’s own files').toEqual([]);
  await page.getByRole('tab', { name: 'Usage and time' }).click();
  await expect(page.locator('[data-usage="completion_tokens"]')).toHaveAttribute('data-value', /^\d{2,}$/);
  await page.getByRole('tab', { name: 'Response' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Response' })).toContainText('text/event-stream');
  await page.getByRole('tab', { name: 'Sent' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Sent' })).toContainText('builtin/chat/completions');
});

test('the same seed has the same answer, another has another', async ({ page, playground }) => {
  await openFor(page, playground, STORY);
  const first = await answerOf(playground);
  expect(first.choices[0].content.length).toBeGreaterThan(100);
  expect((await answerOf(playground)).choices).toEqual(first.choices);
  await playground.follow(link({ ...STORY, seed: 6 }));
  await expect.poll(() => playground.requestText()).toContain('"seed": 6');
  expect((await answerOf(playground)).choices).not.toEqual(first.choices);
});

for (const width of [390, 1024]) {
  test(`at ${width} pixels the head of the answer is as high before, in and after a run`, async ({ page, playground }) => {
    await page.setViewportSize({ width, height: 900 });
    await playground.open(link({ ...STORY, max_tokens: 4000, ignore_eos: true }));
    if (width < 900) await playground.pane('Answer').click();
    await expect(pace(page)).toBeVisible();
    await page.evaluate(() => {
      const head = document.querySelector('#answer-title').parentElement;
      window.heights = new Set();
      new ResizeObserver(() => window.heights.add(Math.round(head.getBoundingClientRect().height))).observe(head);
    });
    await playground.send.click();
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    await expect(playground.content()).not.toHaveText('');
    await playground.stop.click();
    await playground.reaches('stopped');
    await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
    expect(await page.evaluate(() => [...window.heights])).toHaveLength(1);
  });
}

test('a pause holds it up, a pace is kept, and Stop ends it at once', async ({ page, playground }) => {
  await playground.open(link({ ...STORY, max_tokens: 4000, ignore_eos: true }));
  await playground.send.click();
  await expect(playground.content()).not.toHaveText('');
  const length = async () => (await playground.content().textContent()).length;
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.waitForTimeout(150);
  const paused = await length();
  await page.waitForTimeout(400);
  expect(await length()).toBe(paused);
  expect(await playground.state()).toBe('streaming');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(length).toBeGreaterThan(paused);
  // Of 4,000 tokens at 40 a second most are still to come.
  await playground.stop.click();
  await playground.reaches('stopped');
  const stopped = await length();
  await page.waitForTimeout(300);
  expect(await length()).toBe(stopped);
  await pace(page).selectOption(FULL);
  await page.reload();
  await playground.ready();
  await playground.base.focus();
  await expect(pace(page)).toHaveValue(FULL);
});

test('what it cannot do is told as a server tells it', async ({ page, playground }) => {
  await openFor(page, playground, { ...STORY, model: 'another' });
  const shown = await answerOf(playground);
  expect(shown.error).toBe('404');
  expect(shown.errorText).toContain('The model `another` does not exist.');
});

test('its model is listed, and nothing is asked of a network', async ({ page, playground }) => {
  await playground.open();
  await page.getByRole('button', { name: 'List models' }).click();
  const options = page.getByRole('listbox', { name: 'Models of the endpoint' }).getByRole('option');
  await expect(options).toHaveText([/playground-tiny\s*8,192 tokens/]);
});

test('a key for it goes nowhere, and comes to no other endpoint', async ({ playground, endpoint, page }) => {
  const scenario = endpoint.scenario(recording('basic'));
  await openFor(page, playground, STORY);
  await playground.key.fill('sk-builtin');
  await answerOf(playground);
  expect(await playground.everythingWritten()).not.toContain('sk-builtin');
  await playground.base.fill(scenario.base);
  await expect(playground.key).toHaveValue('');
  expect((await playground.sendAndFinish(scenario)).headers.authorization).toBeUndefined();
});

test('where the worker cannot start, that is told, and HTTP works on', async ({ page, playground, endpoint, watch }) => {
  await page.route(WORKER, (route) => route.abort());
  await playground.open();
  await playground.send.click();
  await playground.reaches('failed');
  await expect(playground.error).toHaveAttribute('data-error', 'network');
  await expect(playground.error).toContainText('could not start');
  await expect(playground.error).toContainText('HTTP');
  const scenario = endpoint.scenario(recording('basic'));
  await playground.followFor(scenario);
  await playground.sendAndFinish(scenario);
  await playground.reaches('done');
  await page.unroute(WORKER);
  await playground.follow(link(STORY));
  await playground.send.click();
  await expect(playground.content()).not.toHaveText('');
  watch.takeFaults();
});

test('the guided tour sends with one click, and says what to look at', async ({ page, playground, endpoint }) => {
  await openFor(page, playground, STORY);
  await page.getByRole('button', { name: 'Take the guided tour' }).click();
  const tour = page.getByRole('region', { name: 'Guided tour' });
  await expect(tour).toBeFocused();
  const stop = tour.getByRole('combobox', { name: 'Stop of the tour' });
  await stop.selectOption({ index: 5 });
  await expect(tour).toContainText('logit_bias');
  await tour.getByRole('button', { name: 'As it is' }).click();
  await playground.reaches('done', 30_000);
  await expect(playground.content()).toHaveText('harbour');
  await expect(tour.getByRole('status')).toContainText('sure of it');
  await tour.getByRole('button', { name: /^Ban/ }).click();
  await expect(tour.getByRole('status')).toContainText('gone');
  await playground.reaches('done', 30_000);
  await expect(playground.content()).not.toContainText('harbour');
  expect(JSON.parse(await playground.requestText())).toHaveProperty('logit_bias');
  for (const colorScheme of ['light', 'dark']) {
    // The colours of a switch change slowly, and one between two has no contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await axeFindings(page), colorScheme).toEqual([]);
  }
  // Against another endpoint it keeps the model that was chosen, and says where it goes.
  const scenario = endpoint.scenario(recording('basic'));
  await playground.followFor(scenario, { ...STORY, model: 'real' });
  await tour.getByRole('button', { name: 'Next' }).click();
  await expect(tour).toContainText(scenario.base);
  await tour.getByRole('group', { name: 'Try it' }).getByRole('button').first().click();
  expect(JSON.parse((await scenario.call()).body)).toMatchObject({ model: 'real', logprobs: true });
  await tour.getByRole('button', { name: 'Use the built-in model' }).click();
  await expect(playground.base).toHaveValue('builtin');
  await tour.getByRole('button', { name: 'Close the tour' }).click();
  await expect(tour).toHaveCount(0);
});

test('at full pace, with 20 alternatives each', { tag: '@alone' }, async ({ page, playground }) => {
  await openFor(page, playground, { ...STORY, max_tokens: 2000, ignore_eos: true, logprobs: true, top_logprobs: 20 });
  await answerOf(playground);
  await page.getByRole('tab', { name: 'Usage and time' }).click();
  await expect(page.locator('[data-usage="completion_tokens"]')).toHaveAttribute('data-value', '2000');
  const rate = Number(await page.locator('[data-metric="tokens_per_second"]').first().getAttribute('data-value'));
  console.log(`built-in endpoint: ${rate.toFixed(0)} tokens a second with 20 alternatives each`);
  // The goal is 2,000 in the release build; the page of a quick build has no compiler's help.
  expect(rate).toBeGreaterThan(100);
});
