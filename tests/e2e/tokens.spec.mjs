// Tokens with their probabilities: text, table, figures, one token's alternatives, and the lens.

import { readFile } from 'node:fs/promises';
import * as make from '../endpoint/answers.mjs';
import { loadRecording } from '../endpoint/recordings.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';

/** Every log probability of a recording's first choice, in order. */
function recorded(name) {
  const lines = loadRecording(name).body.toString('utf8').split('\n');
  const chunks = lines
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)));
  return chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? []);
}

const NAME = 'logprobs_top5_stream';
const ENTRIES = recorded(NAME);

async function played(playground, endpoint, name = NAME, change = {}) {
  const scenario = endpoint.scenario(make.recording(name));
  await playground.openFor(scenario, { ...loadRecording(name).request.body, ...change });
  await playground.sendAndFinish(scenario);
}

const panel = (page) => page.getByRole('tabpanel', { name: 'Tokens' });
const look = (page, name) => panel(page).getByRole('button', { name, exact: true });

test('the tab opens by itself, and every token has its log probability and shade', async ({ page, playground, endpoint }) => {
  expect(ENTRIES.length).toBeGreaterThan(5);
  await played(playground, endpoint);
  await expect(page.getByRole('tab', { name: 'Tokens' })).toHaveAttribute('aria-selected', 'true');
  const tokens = panel(page).locator('[data-token]');
  await expect(tokens).toHaveCount(ENTRIES.length);
  const drawn = await tokens.evaluateAll((all) =>
    all.map(({ dataset, textContent }) => [Number(dataset.logprob), textContent, dataset.shades]),
  );
  drawn.forEach(([logprob, text, shades], at) => {
    expect(logprob, `token ${at}`).toBe(ENTRIES[at].logprob);
    expect(text, `token ${at}`).toBe(ENTRIES[at].token);
    expect(shades, `token ${at}`).toContain(`p${Math.min(9, Math.floor(Math.exp(ENTRIES[at].logprob) * 10))}`);
  });
  await panel(page).getByLabel('Colour by').selectOption('rank');
  await expect(panel(page).locator('[data-colouring]')).toHaveAttribute('data-colouring', 'rank');
});

test('a request without log probabilities leaves the tab alone, and the tab says what to do', async ({ page, playground, endpoint }) => {
  await played(playground, endpoint, 'basic');
  await expect(page.getByRole('tab', { name: 'Usage and time' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('tab', { name: 'Tokens' }).click();
  await expect(panel(page)).toContainText('Set logprobs');
});

test('a character over several tokens reads as one, and the pieces are there', async ({ page, playground, endpoint }) => {
  const entry = (token, bytes) => ({ token, bytes, logprob: -0.5, top_logprobs: [] });
  const content = [entry('Hi ', [72, 105, 32]), entry('\\xf0\\x9f', [0xf0, 0x9f]), entry('\\x8c\\x8d', [0x8c, 0x8d])];
  const whole = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi 🌍' }, logprobs: { content }, finish_reason: 'stop' }] };
  const scenario = endpoint.scenario(make.json(whole));
  await playground.openFor(scenario, { model: 'm', messages: [], logprobs: true });
  await playground.sendAndFinish(scenario);
  const text = panel(page).locator('[data-colouring]');
  await expect(text).toHaveText('Hi 🌍');
  await expect(text.locator('[data-kind=piece]')).toHaveCount(1);
});

test('what is no entry keeps the place of the others, and bytes are told apart', async ({ page, playground, endpoint }) => {
  const entry = (token, bytes) => ({ token, bytes, logprob: -0.5, top_logprobs: [] });
  const content = [entry('a', [97]), 'an odd "one"', entry('€', [0xe2, 0x82, 0xac])];
  const whole = { choices: [{ index: 0, message: { role: 'assistant', content: 'a€' }, logprobs: { content }, finish_reason: 'stop' }] };
  const scenario = endpoint.scenario(make.json(whole));
  await playground.openFor(scenario, { model: 'm', messages: [], logprobs: true });
  await playground.sendAndFinish(scenario);
  const tokens = panel(page).locator('[data-token]');
  await expect(tokens).toHaveCount(3);
  await expect(panel(page).getByRole('img', { name: /^Shades/ })).toHaveText(/< 10%.*≥ 90%/);
  await tokens.nth(1).click();
  const opened = (at) => page.getByRole('region', { name: `Token ${at}` });
  await expect(opened(1)).toContainText('nothing is known of it: the server wrote "an odd \\"one\\"" in its place');
  await expect(opened(1).getByRole('heading')).toHaveText(/unknown/);
  await tokens.nth(2).click();
  await expect(opened(2)).toContainText('bytes e2 82 ac');
  await look(page, 'Table').click();
  await expect(panel(page).locator('[data-token="2"]')).toContainText('e2 82 ac');
  await expect(panel(page).locator('[data-token="1"]')).toContainText('not given');
});

test('a control that turns text around turns no token but its own, and letters of a script join', async ({ page, playground, endpoint }) => {
  const tokens = ['one ', '\u202e', 'two ', '\u2067three', ' four ', 'مر', 'حبا', ' end'];
  const content = tokens.map((token) => ({ token, logprob: -0.5, bytes: null, top_logprobs: [] }));
  const whole = { choices: [{ index: 0, message: { role: 'assistant', content: tokens.join('') }, logprobs: { content }, finish_reason: 'stop' }] };
  const scenario = endpoint.scenario(make.json(whole));
  await playground.openFor(scenario, { model: 'm', messages: [], logprobs: true });
  await playground.sendAndFinish(scenario);
  const left = (at) => panel(page).locator(`[data-token="${at}"]`).evaluate((node) => node.getBoundingClientRect().left);
  const places = await Promise.all([0, 2, 4, 7].map(left));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(await left(5)).toBeGreaterThan(await left(6));
  expect(await panel(page).locator('[data-colouring]').textContent()).toBe(tokens.join(''));
});

test('the keyboard walks the tokens, and a token opens its alternatives', async ({ page, playground, endpoint }) => {
  await played(playground, endpoint);
  const text = panel(page).locator('[data-colouring]');
  await text.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(text.locator('[data-selected]')).toHaveAttribute('data-token', '1');
  const rows = page.getByRole('list', { name: 'Alternatives', exact: true }).getByRole('listitem');
  const known = new Map(ENTRIES[1].top_logprobs.map((top) => [top.token, top.logprob]));
  // One row each, and one for what was not returned.
  await expect(rows).toHaveCount(known.size + 1);
  await expect(rows.locator('[data-chosen]').or(rows.and(page.locator('[data-chosen]')))).toHaveCount(1);
  const likeliest = Math.exp(Math.max(...known.values()));
  await expect(rows.first()).toContainText(likeliest.toFixed(4));
  await expect(rows.last()).toContainText('other');
  const after = page.getByRole('button', { name: 'Token after' });
  await after.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Token 2' })).toBeVisible();
  await expect(after).toBeFocused();
  await text.focus();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Token 2' })).toHaveCount(0);
  await text.locator('[data-token="0"]').click();
  await expect(page.getByRole('region', { name: 'Token 0' })).toBeVisible();
  await page.getByRole('button', { name: 'Close the token' }).click();
  await expect(page.getByRole('region', { name: 'Token 0' })).toHaveCount(0);
});

test('the table sorts, filters and is saved', async ({ page, playground, endpoint }) => {
  await played(playground, endpoint);
  await look(page, 'Table').click();
  const rows = panel(page).locator('[data-token]');
  const order = () => rows.evaluateAll((all) => all.map((row) => Number(row.dataset.token)));
  expect(await order()).toEqual(ENTRIES.map((_, at) => at));
  await panel(page).getByTitle('Sort by probability').click();
  const byProbability = ENTRIES.map((entry, at) => [entry.logprob, at]).sort((a, b) => a[0] - b[0]);
  await expect.poll(async () => (await order())[0]).toBe(byProbability[0][1]);
  await panel(page).getByLabel('Probability below').fill('0.5');
  const unlikely = ENTRIES.filter((entry) => Math.exp(entry.logprob) < 0.5).length;
  expect(unlikely).toBeLessThan(ENTRIES.length);
  await expect(rows).toHaveCount(unlikely);
  await expect(panel(page)).toContainText(`${unlikely} of ${ENTRIES.length}`);

  await panel(page).getByLabel('Probability below').fill('');
  await panel(page).getByLabel('rank above 1').check();
  const beyond = ENTRIES.filter(({ logprob, top_logprobs: all }) => all.some((top) => top.logprob > logprob)).length;
  await expect(panel(page)).toContainText(`${beyond} of ${ENTRIES.length}`);

  const table = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: 'Save the tokens as CSV' }).click();
  const lines = (await readFile(await (await table).path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines).toHaveLength(ENTRIES.length + 1);
  const saved = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: 'Save the tokens as JSON' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('tokens-choice-0.json');
  const list = JSON.parse(await readFile(await file.path(), 'utf8'));
  expect(list.map((token) => token.logprob)).toEqual(ENTRIES.map((entry) => entry.logprob));
});

test('the text and the table write the same log probability for a token', async ({ page, playground, endpoint }) => {
  const numbers = [-1e-7, -9999, -1e308, -0.00001234, 0, -1, -0.1, -1.5e-300, -123456789.123];
  const content = numbers.map((logprob, at) => ({ token: `t${at} `, logprob, top_logprobs: [] }));
  const message = { role: 'assistant', content: content.map(({ token }) => token).join('') };
  const scenario = endpoint.scenario(make.json({ choices: [{ index: 0, message, logprobs: { content }, finish_reason: 'stop' }] }));
  await playground.openFor(scenario, { model: 'm', messages: [], logprobs: true });
  await playground.sendAndFinish(scenario);
  const tokens = panel(page).locator('[data-token]');
  const written = () => tokens.evaluateAll((all) => all.map(({ dataset }) => dataset.logprob));
  await expect(tokens).toHaveCount(numbers.length);
  expect(await written()).toEqual(numbers.map(String));
  await look(page, 'Table').click();
  await expect(panel(page).getByRole('listitem')).toHaveCount(numbers.length);
  expect(await written()).toEqual(numbers.map(String));
});

test('every column of the table is in reach on a narrow screen, its head above it', async ({ page, playground, endpoint }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await played(playground, endpoint);
  await playground.pane('Inspect').click();
  await look(page, 'Table').click();
  const cells = (row) => row.evaluate((node) => [...node.children].map((cell) => cell.getBoundingClientRect()).map(({ left, right, top, height }) => ({ left, right, top, height })));
  const row = panel(page).locator('[data-token="2"]');
  const head = panel(page).getByTitle('Sort by index').locator('..');
  await row.hover();
  await page.mouse.wheel(2000, 0);
  await expect.poll(async () => (await cells(row)).at(-1).right).toBeLessThanOrEqual(390);
  const [of, above] = [await cells(row), await cells(head)];
  expect(above.map(({ left }) => left)).toEqual(of.map(({ left }) => left));
  // The padding of the last column may be under the token.
  expect(of.at(-1).left + 8).toBeGreaterThanOrEqual(of[1].right);
  // Which token it is stays in sight.
  expect(of[0].left).toBeGreaterThanOrEqual(0);
  expect(of[0].height).toBe(28);
  await panel(page).getByRole('group', { name: 'Tokens', exact: true }).focus();
  await page.keyboard.press('End');
  await expect(head).toBeInViewport();
});

test('a token that is named by its id is found among its alternatives', async ({ page, playground, endpoint }) => {
  await played(playground, endpoint, 'logprobs_token_ids');
  await panel(page).locator('[data-token="0"]').click();
  const rows = page.getByRole('list', { name: 'Alternatives', exact: true }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toHaveText(/Hi\s*came/);
  await expect(page.getByRole('region', { name: 'Token 0' })).toContainText('entropy 0.04 bit');
});

test('a row of the table leads to its place in a long text', async ({ page, playground, endpoint }) => {
  const content = Array.from({ length: 4000 }, (_, at) => ({ token: ` w${at}`, logprob: -0.5, bytes: null, top_logprobs: [] }));
  const whole = { choices: [{ index: 0, message: { role: 'assistant', content: 'w' }, logprobs: { content }, finish_reason: 'stop' }] };
  const scenario = endpoint.scenario(make.json(whole));
  await playground.openFor(scenario, { model: 'm', messages: [], logprobs: true });
  await playground.sendAndFinish(scenario);
  await look(page, 'Table').click();
  await panel(page).getByLabel('Tokens with this text').fill('·w3999');
  await panel(page).locator('[data-token="3999"]').click();
  await page.getByRole('button', { name: 'In the text' }).click();
  const place = panel(page).locator('[data-colouring] [data-token="3999"]');
  await expect(place).toHaveAttribute('data-selected', '');
  await expect(place).toBeInViewport();
});

test('figures are those of the tokens', async ({ page, playground, endpoint }) => {
  await played(playground, endpoint);
  const total = ENTRIES.reduce((sum, entry) => sum + entry.logprob, 0);
  const figure = async (name) => Number(await panel(page).locator(`[data-metric=${name}]`).getAttribute('data-value'));
  // One of them is told at a glance, and once.
  expect(await figure('perplexity')).toBeCloseTo(Math.exp(-total / ENTRIES.length), 9);
  await look(page, 'Figures').click();
  expect(await figure('perplexity')).toBeCloseTo(Math.exp(-total / ENTRIES.length), 9);
  expect(await figure('total_logprob')).toBeCloseTo(total, 9);
  const least = ENTRIES.reduce((low, { logprob }, at) => (logprob < ENTRIES[low].logprob ? at : low), 0);
  await panel(page).getByRole('listitem').first().getByRole('button').click();
  await expect(page.getByRole('region', { name: `Token ${least}`, exact: true })).toBeVisible();
  // The map along the sequence opens them too.
  await panel(page).getByLabel('Token at a place of the sequence').fill('2');
  await expect(page.getByRole('region', { name: 'Token 2', exact: true })).toBeVisible();
});

test('the lens reshapes without a request, and writes its values into the request', async ({ page, playground, endpoint }) => {
  await played(playground, endpoint);
  await panel(page).locator('[data-token="1"]').click();
  await page.getByText('Sampler lens').click();
  await page.getByLabel('Lens: temperature').fill('0');
  const rows = page.getByRole('list', { name: 'Alternatives under the lens' }).getByRole('listitem');
  await expect(rows.filter({ hasText: 'greedy' })).toHaveCount((await rows.count()) - 1);
  await page.getByRole('button', { name: 'Write into the request' }).click();
  expect(JSON.parse(await playground.requestText()).temperature).toBe(0);
});

test('tokens of the prompt have ids, and one click bans one', async ({ page, playground, endpoint }) => {
  await played(playground, endpoint, 'prompt_logprobs_3');
  const positions = JSON.parse(loadRecording('prompt_logprobs_3').body.toString('utf8')).prompt_logprobs;
  await expect(panel(page).locator('[data-token]')).toHaveCount(positions.length);
  await panel(page).locator('[data-token="1"]').click();
  const [id] = Object.keys(positions[1]);
  await page.getByRole('button', { name: 'ban', exact: true }).and(page.getByTitle(`token id ${id} `)).click();
  expect(JSON.parse(await playground.requestText()).logit_bias).toEqual({ [id]: -100 });
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1600]) {
    test.describe(`${colorScheme} ${width}`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('axe finds nothing among the tokens', async ({ page, playground, endpoint }) => {
        await played(playground, endpoint);
        if (width < 900) await playground.pane('Inspect').click();
        await panel(page).locator('[data-token="1"]').click();
        await page.getByText('Sampler lens').click();
        for (const name of ['Text', 'Table', 'Figures']) {
          await look(page, name).click();
          expect(await axeFindings(page), name).toEqual([]);
        }
      });
    });
  }
}
