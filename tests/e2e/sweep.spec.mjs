// Sweeps against the scripted endpoint and the built-in one: what is sent, what is shown, what is saved, kept,
// shared, stopped and resumed.

import { readFile } from 'node:fs/promises';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO, Playground, plainLink } from './playground.mjs';

const cells = (page, state) => page.locator(`[data-sweep-cell]${state ? `[data-state="${state}"]` : ''}`);
const sweep = (page) => page.locator('[data-sweep]');

async function openSweep(page, { rows, columns, repeats = 1, atOnce = 4 }) {
  await page.getByRole('button', { name: 'Sweep', exact: true }).click();
  await page.getByLabel('Parameter of the rows').fill(rows[0]);
  await page.getByLabel('Values of the rows').fill(rows[1]);
  if (columns) {
    await page.getByLabel('Parameter of the columns').fill(columns[0]);
    await page.getByLabel('Values of the columns').fill(columns[1]);
  }
  await page.getByLabel('Repeats').fill(String(repeats));
  await page.getByLabel('Requests at once').fill(String(atOnce));
}

const start = (page) => page.getByRole('button', { name: 'Start the sweep' });
const goOn = (page) => page.getByRole('button', { name: /^Go on/ });
const runs = (page) => page.locator('[data-run]');

/** A sweep in the plain form of a link. */
const planned = (axes, more = {}) =>
  JSON.stringify({ axes: axes.map(([parameter, values]) => ({ parameter, values })), ...more });

/** A text in the form of RFC 4180, as an array of objects by the names in its head. */
function readCsv(text) {
  const rows = [[]];
  for (const [, field, end] of text.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1).push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end !== ',') rows.push([]);
  }
  const [head, ...rest] = rows.slice(0, -1);
  return rest.map((row) => Object.fromEntries(row.map((field, at) => [head[at], field])));
}

async function csv(page) {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the sweep as CSV' }).click();
  return readFile(await (await download).path(), 'utf8');
}

/** Every row of the CSV says what its cell shows; given back in the order of the axes. */
async function csvThatEqualsTheGrid(page, columns) {
  const rows = readCsv(await csv(page));
  const shown = await cells(page).evaluateAll((all) =>
    Object.fromEntries(all.map((cell) => [cell.dataset.sweepCell, [...cell.children].map((child) => child.textContent)])),
  );
  for (const [at, row] of rows.entries()) {
    const [answer, figures] = shown[`${Math.floor(at / columns)},${at % columns},0`];
    const begin = answer.replace(/…$/, '');
    expect(row.answer.trim().startsWith(begin) || row.error === answer).toBe(true);
    if (row.state !== 'done') continue;
    expect(figures).toContain(`${row.finish_reason} · ${row.completion_tokens} tokens`);
    if (row.perplexity) expect(figures).toContain(`perplexity ${Number(row.perplexity).toFixed(3)}`);
    if (row.valid) expect(figures).toContain(row.valid === '1' ? '· as asked' : '· not as asked');
  }
  return rows;
}

/** An answer that says what it was asked for. */
const said = (content) =>
  make.json({
    id: 'x',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: content.length, total_tokens: 3 + content.length },
  });

test('five temperatures by two seeds are ten requests, ten cells, and a CSV that says the same', async ({
  page,
  playground,
  endpoint,
}) => {
  const answers = Array.from({ length: 10 }, (_, at) => said(`Answer, "${at}"`));
  const scenario = endpoint.scenario(answers);
  await playground.openFor(scenario, { ...HELLO, stream: false });
  await openSweep(page, { rows: ['temperature', '0..2 step 0.5'], columns: ['seed', '1, 2'], atOnce: 1 });
  await expect(page.locator('#sweep-cost')).toContainText('10 requests');
  await start(page).click();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done');
  await expect(cells(page, 'done')).toHaveCount(10);

  const asked = scenario.calls.map(({ body }) => JSON.parse(body)).map(({ temperature, seed }) => [temperature, seed]);
  const plan = [0, 0.5, 1, 1.5, 2].flatMap((temperature) => [1, 2].map((seed) => [temperature, seed]));
  expect(asked).toEqual(plan);

  const rows = await csvThatEqualsTheGrid(page, 2);
  expect(rows.map(({ temperature, seed, state, answer }) => [Number(temperature), Number(seed), state, answer])).toEqual(
    plan.map(([temperature, seed], at) => [temperature, seed, 'done', `Answer, "${at}"`]),
  );
});

test('on the built-in endpoint the answers’ entropy rises along the temperature, and the same seeds say the same', async ({
  page,
  playground,
}) => {
  const messages = [{ role: 'user', content: 'Tell me a story.' }];
  const body = { model: 'playground-tiny', messages, max_tokens: 60, logprobs: true, top_logprobs: 20, stream: true };
  await playground.open(plainLink({ base: 'builtin', body }));
  await openSweep(page, { rows: ['temperature', '0.2, 0.6, 1, 1.4, 1.8'], columns: ['seed', '1, 2'] });
  await start(page).click();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done', { timeout: 30_000 });
  await expect(cells(page, 'done')).toHaveCount(10);
  const rows = await csvThatEqualsTheGrid(page, 2);
  expect(rows).toHaveLength(10);
  expect(new Set(rows.map(({ answer }) => answer)).size).toBeGreaterThan(5);
  const entropy = rows.map((row) => Number(row.entropy_bits));
  const means = [0, 1, 2, 3, 4].map((at) => (entropy[2 * at] + entropy[2 * at + 1]) / 2);
  expect(means[0]).toBeGreaterThan(0);
  for (const at of [1, 2, 3, 4]) expect(means[at], `${means}`).toBeGreaterThan(means[at - 1]);

  // The chart's table has the same numbers.
  await page.getByRole('tab', { name: 'Chart' }).click();
  await page.getByLabel('Figure', { exact: true }).selectOption('mean entropy');
  for (const at of [0, 4]) {
    const value = await page.locator(`[data-mean="${at},1"]`).getAttribute('data-value');
    expect(Number(value)).toBeCloseTo(entropy[2 * at + 1], 9);
  }
  await expect(page.locator('#sweep-chart svg[role="img"]')).toHaveAttribute('aria-label', /^mean entropy \(bits\) against temperature/);
  await page.getByRole('tab', { name: 'Grid' }).click();
  await start(page).click();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done', { timeout: 30_000 });
  expect(readCsv(await csv(page)).map(({ answer }) => answer)).toEqual(rows.map(({ answer }) => answer));
});

test('on the built-in endpoint a reload in mid-sweep resumes, and every cell is a run of the history', async ({ page, playground }) => {
  // Long answers, so that the reload comes in the middle: a sweep does not wait for the pace.
  const messages = [{ role: 'user', content: 'Tell me a story.' }];
  const body = { model: 'playground-tiny', messages, max_tokens: 2000, ignore_eos: true, logprobs: true, top_logprobs: 2, stream: true };
  await playground.open(plainLink({ base: 'builtin', body }));
  await openSweep(page, { rows: ['seed', '1..12'], atOnce: 1 });
  await start(page).click();
  await expect(cells(page, 'done').nth(2)).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => page.evaluate(() => localStorage.getItem('playground.sweep')?.match(/"done"/g)?.length ?? 0)).toBeGreaterThan(1);
  await page.reload();
  await playground.ready();
  await page.getByRole('button', { name: 'Sweep', exact: true }).click();
  await expect(page.getByLabel('Values of the rows')).toHaveValue('1..12');
  const before = await cells(page, 'done').count();
  expect(before).toBeGreaterThan(1);
  expect(before).toBeLessThan(12);

  // A cell that was answered before the reload opens as its run: text, tokens and events.
  const [answer] = await cells(page, 'done').first().locator('span').allTextContents();
  await cells(page, 'done').first().click();
  await playground.reaches('done');
  expect((await playground.content().textContent()).trim().startsWith(answer.replace(/…$/, ''))).toBe(true);
  await page.getByRole('tab', { name: 'Tokens', exact: true }).click();
  await expect(page.locator('[data-token="0"]').first()).toBeVisible();
  await page.getByRole('tab', { name: 'Events', exact: true }).click();
  await expect(page.locator('[data-event="1"]')).toBeVisible();

  await page.getByRole('tab', { name: 'Sweep', exact: true }).click();
  await goOn(page).click();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done', { timeout: 30_000 });
  await expect(cells(page, 'done')).toHaveCount(12);
  expect(readCsv(await csv(page)).every(({ answer: text }) => text !== '')).toBe(true);

  await page.getByRole('button', { name: 'History', exact: true }).click();
  await page.getByLabel('Search text, model or parameter').fill('sweep=seed seed=12');
  await expect(runs(page)).toHaveCount(1);
  await expect(runs(page)).toContainText('seed 12');
});

test('answers are held against the schema, and the runs of a sweep can be left out of the history', async ({ page, playground, endpoint }) => {
  const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
  const response_format = { type: 'json_schema', json_schema: { name: 'x', schema } };
  const scenario = endpoint.scenario([said('{"age": 3}'), said('{"age": "3"}'), said('alone')]);
  await playground.openFor(scenario, { ...HELLO, stream: false, response_format });
  await openSweep(page, { rows: ['seed', '1, 2'], atOnce: 1 });
  await start(page).click();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done');
  const rows = await csvThatEqualsTheGrid(page, 1);
  expect(rows.map(({ valid }) => valid)).toEqual(['1', '0']);
  await playground.sendAndFinish(scenario);

  await page.getByRole('button', { name: 'History', exact: true }).click();
  await expect(runs(page)).toHaveCount(3);
  const choice = page.getByLabel('Runs of sweeps');
  await choice.selectOption('Without sweeps');
  await expect(runs(page)).toHaveCount(1);
  await expect(runs(page)).toContainText('alone');
  await page.reload();
  await playground.ready();
  await page.getByRole('button', { name: 'History', exact: true }).click();
  await expect(runs(page)).toHaveCount(1);
  await choice.selectOption('Sweeps alone');
  await expect(runs(page)).toHaveCount(2);
  await expect(runs(page).first()).toContainText('seed 2');
});

test('a sweep goes to the endpoint where it began, with that origin’s key, whatever a link brings meanwhile', async ({
  page,
  playground,
  endpoint,
  otherEndpoint,
}) => {
  const key = 'sk-of-the-first';
  const busy = make.json({ error: { message: 'slow down' } }, { status: 429 });
  const slow = make.recording('story_long_stream', { chunk: 600, delay: 30 });
  const mine = endpoint.scenario([slow, busy, said('late')], { key });
  const other = otherEndpoint.scenario(said('elsewhere'));
  await playground.openFor(mine);
  await playground.key.fill(key);
  await openSweep(page, { rows: ['seed', '1..4'], atOnce: 1 });
  await start(page).click();
  await mine.call(0);
  await playground.followFor(other);
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done', { timeout: 20_000 });
  // Four and the one that was refused for now.
  expect(mine.calls).toHaveLength(5);
  expect(mine.calls.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true);
  expect(other.calls).toHaveLength(0);
  await expect(page.getByText(`sent to ${mine.base}`)).toBeVisible();
});

test('Retry-After is waited for', async ({ page, playground, endpoint }) => {
  const headers = { 'retry-after': '2', 'access-control-expose-headers': 'retry-after' };
  const busy = make.json({ error: { message: 'slow down' } }, { status: 429, headers });
  const scenario = endpoint.scenario([busy, said('at last')]);
  await playground.openFor(scenario, { ...HELLO, stream: false });
  await openSweep(page, { rows: ['seed', '1'], atOnce: 1 });
  await start(page).click();
  await expect(cells(page, 'retrying')).toContainText('again after 2');
  await expect(cells(page, 'done')).toContainText('at last');
  const [first, second] = scenario.calls.map(({ receivedAt }) => receivedAt);
  expect(second - first).toBeGreaterThan(1_950);
  expect(second - first).toBeLessThan(4_000);
  // Another sweep has a grid of its own.
  await page.getByLabel('Values of the rows').fill('7..9');
  await start(page).click();
  await expect(cells(page, 'done')).toHaveCount(3);
  await expect(page.locator('#sweep-grid')).toContainText('9');
});

test('a sweep goes along in both forms of a link, which opens it and sends nothing', async ({ page, playground, endpoint, browser, watch }) => {
  const scenario = endpoint.scenario(said('x'));
  await playground.openFor(scenario, { ...HELLO, stream: false });
  await openSweep(page, { rows: ['temperature', '0..2 step 0.5'], columns: ['seed', '1, 2'], repeats: 3, atOnce: 4 });
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByLabel('With the sweep')).toBeChecked();
  const compact = await page.getByLabel('Link', { exact: true }).inputValue();
  await page.getByText('A link to read and change by hand').click();
  const plain = page.getByLabel('Plain link', { exact: true });
  await expect(plain).toHaveValue(/&sweep=/);
  for (const link of [compact, await plain.inputValue()]) {
    const context = await browser.newContext();
    await watch.attach(context);
    const other = await context.newPage();
    const there = new Playground(other, watch);
    await other.goto(link);
    await there.ready();
    await expect(other.getByLabel('Parameter of the rows')).toHaveValue('temperature');
    await expect(other.getByLabel('Values of the rows')).toHaveValue('0..2 step 0.5');
    await expect(other.getByLabel('Parameter of the columns')).toHaveValue('seed');
    await expect(other.getByLabel('Repeats')).toHaveValue('3');
    await expect(other.getByLabel('Requests at once')).toHaveValue('4');
    await expect(other.locator('#sweep-cost')).toContainText('30 requests');
    await expect(other.getByRole('status').filter({ hasText: 'came from a link' })).toContainText(
      'It brings a sweep of temperature by seed: 30 requests.',
    );
    await expect(there.base).toHaveValue(scenario.base);
    await context.close();
  }
  expect(scenario.calls).toHaveLength(0);
  await page.getByLabel('With the sweep').uncheck();
  await expect(page.getByLabel('Link', { exact: true })).not.toHaveValue(compact);
});

test('a link with a sweep that somebody made up is refused in words', async ({ page, playground }) => {
  const body = `#base=builtin&body=${encodeURIComponent(JSON.stringify(HELLO))}&sweep=`;
  await playground.open(plainLink({ base: 'builtin', body: { model: 'mine', messages: [] } }));
  await expect.poll(() => playground.requestText()).toContain('mine');
  for (const [plan, words] of [
    [planned([['seed', '0..99999999']]), 'seed: That is more than 1000 values'],
    [planned([['seed', '1..900'], ['n', '1..900']]), 'That would be 810000 requests'],
    [planned([['seed', '1']], { at_once: 1e9 }), '1 to 16 requests can be under way at once'],
    [planned([['seed', '1']], { repeats: -1 }), 'Each can be asked 1 to 1000 times'],
    [planned([['seed', '1']], { start: true }), 'unknown field'],
    ['[', 'the sweep in it cannot be read'],
  ]) {
    await playground.follow(body + encodeURIComponent(plan));
    await expect(page.getByRole('status').filter({ hasText: 'could not be opened' })).toContainText(words);
  }
  expect(await playground.requestText()).toContain('mine');
  await expect(sweep(page)).toHaveCount(0);
});

test('no more are under way than asked for; stopping leaves no socket open, and a reload resumes', async ({
  page,
  playground,
  endpoint,
}) => {
  const slow = make.recording('story_long_stream', { chunk: 40, delay: 40 });
  const scenario = endpoint.scenario([said('first'), said('second'), slow]);
  await playground.openFor(scenario);
  await openSweep(page, { rows: ['seed', '1..6'], atOnce: 2 });
  await start(page).click();
  await expect(cells(page, 'done')).toHaveCount(2);
  await scenario.call(3);
  await expect(cells(page, 'live')).toHaveCount(2);
  expect(scenario.calls).toHaveLength(4);
  await page.getByRole('button', { name: 'Stop the sweep' }).click();
  for (const call of scenario.calls.slice(2)) await call.hungUp();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'stopped');
  await page.waitForTimeout(700);

  await page.reload();
  await playground.ready();
  scenario.answers = [said('later')];
  await page.getByRole('button', { name: 'Sweep', exact: true }).click();
  await expect(cells(page, 'done')).toHaveCount(2);
  await expect(page.getByLabel('Values of the rows')).toHaveValue('1..6');
  await page.getByRole('button', { name: /^Go on/ }).click();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done');
  expect(scenario.calls.slice(4).map(({ body }) => JSON.parse(body).seed)).toEqual([3, 4, 5, 6]);
});

test('a reload while a sweep goes on keeps what was answered', async ({ page, playground, endpoint }) => {
  const slow = make.recording('story_long_stream', { chunk: 40, delay: 40 });
  const scenario = endpoint.scenario([said('first'), said('second'), slow]);
  await playground.openFor(scenario);
  await openSweep(page, { rows: ['seed', '1..4'], atOnce: 2 });
  await start(page).click();
  await expect(cells(page, 'done')).toHaveCount(2);
  await expect(cells(page, 'live')).toHaveCount(2);
  await page.waitForTimeout(1500);
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'going');
  await page.reload();
  await playground.ready();
  await page.getByRole('button', { name: 'Sweep', exact: true }).click();
  await expect(cells(page, 'done')).toHaveCount(2);
  await expect(page.getByRole('button', { name: /^Go on/ })).toBeVisible();
});

test('what was refused for now is tried again, what was refused for good is not', async ({ page, playground, endpoint }) => {
  const busy = make.json({ error: { message: 'slow down' } }, { status: 429, headers: { 'retry-after': '0' } });
  const wrong = make.json({ error: { message: 'no such thing' } }, { status: 400 });
  const scenario = endpoint.scenario([busy, said('at last'), wrong]);
  await playground.openFor(scenario, { ...HELLO, stream: false });
  await openSweep(page, { rows: ['seed', '1, 2'], atOnce: 1 });
  await start(page).click();
  await expect(cells(page, 'retrying')).toContainText('slow down');
  await expect(cells(page, 'failed')).toContainText('no such thing');
  await expect(cells(page, 'done')).toContainText('at last');
  expect(scenario.calls).toHaveLength(3);
});

test('repeats are compared, figures charted, and a cell opens as a run', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario([said('a b'), said('c d'), said('a b'), said('c e')]);
  await playground.openFor(scenario, { ...HELLO, stream: false });
  await openSweep(page, { rows: ['temperature', '0, 1'], repeats: 2, atOnce: 1 });
  await start(page).click();
  await expect(sweep(page)).toHaveAttribute('data-sweep', 'done');
  const panel = page.locator('#sweep-grid');
  await expect(panel).toContainText('100 % identical');
  await expect(panel).toContainText('50 % identical · similarity 0.50');

  await page.getByRole('tab', { name: 'Chart' }).click();
  await page.getByLabel('Figure', { exact: true }).selectOption('completion tokens');
  await expect(page.locator('#sweep-chart svg[role="img"]')).toBeVisible();
  await expect(page.locator('[data-mean="0,0"]')).toHaveAttribute('data-value', '3');

  await page.getByRole('tab', { name: 'All requests' }).click();
  await page.getByRole('button', { name: /^total time \(ms\)/ }).click();
  await page.getByRole('list', { name: 'Requests of the sweep' }).getByRole('button').first().click();
  await expect(page.getByRole('tab', { name: 'Answer', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(playground.content()).toHaveText(/^[ac] [bde]$/);
  await page.getByRole('tab', { name: 'Sweep', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Requests of the sweep' })).toBeVisible();
});

test('what cannot be swept is told before anything is sent', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(said('x'));
  await playground.openFor(scenario);
  await openSweep(page, { rows: ['temperature', '0..9999'] });
  await expect(page.locator('#sweep-cost')).toContainText('temperature: That is more than');
  await page.getByLabel('Values of the rows').press('Enter');
  await start(page).click({ force: true });
  expect(scenario.calls).toHaveLength(0);
});

for (const theme of ['light', 'dark']) {
  for (const width of [390, 1600]) {
    test(`${theme} ${width} › axe finds nothing in a sweep`, async ({ page, playground, endpoint }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      const scenario = endpoint.scenario([said('one'), said('two')]);
      await playground.openFor(scenario, { ...HELLO, stream: false });
      await openSweep(page, { rows: ['temperature', '0, 1'], columns: ['seed', '1, 2'], repeats: 2 });
      await start(page).click();
      await expect(sweep(page)).toHaveAttribute('data-sweep', 'done');
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Chart' }).click();
      expect(await axeFindings(page)).toEqual([]);
    });
  }
}
