// The box of the model and the list behind it: asked for when the box is entered and never before, told
// without getting in the way, and what it tells of the server's family.

import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const BODY = { model: 'tiny', messages: [{ role: 'user', content: 'Hi' }] };
const TWO = [
  { id: 'org/Large-70B', owned_by: 'vllm', max_model_len: 131_072 },
  { id: 'org/small-1b', owned_by: 'vllm', max_model_len: 4096 },
];

/** A scenario with a list of models. */
const scenarioWith = (endpoint, options) => endpoint.scenario(make.recording('basic'), options);
const box = (page) => page.getByRole('combobox', { name: 'model', exact: true });
const listButton = (page) => page.getByRole('button', { name: 'List models' });
const options = (page) => page.getByRole('listbox', { name: 'Models of the endpoint' }).getByRole('option');
const status = (page) => page.locator('[data-parameter="model"] [role="status"]');
const server = (page) => page.getByRole('combobox', { name: 'Server' });
/** What was asked, without preflights. */
const asked = (scenario) =>
  scenario.received.filter(({ method }) => method === 'GET').map(({ path }) => path.replace(/^\/s\d+/, ''));
const modelOf = async (playground) => JSON.parse(await playground.requestText()).model;

/** Opens the page and lets it stand for a while. */
async function open(page, playground, scenario, body = BODY) {
  await playground.openFor(scenario, body);
  await page.waitForTimeout(300);
}

test('opening a page, a link or typing a base URL asks nothing', async ({ page, playground, endpoint }) => {
  const first = scenarioWith(endpoint);
  const second = scenarioWith(endpoint);
  await open(page, playground, first);
  await playground.followFor(second, BODY);
  await playground.base.fill(first.base);
  await playground.key.fill('sk-x');
  await page.waitForTimeout(500);
  expect(first.received).toEqual([]);
  expect(second.received).toEqual([]);
});

test('the list is asked for once, narrows, and a model is taken by mouse', async ({ page, playground, endpoint }) => {
  const scenario = scenarioWith(endpoint, { models: make.models(TWO), version: make.version('0.8.5') });
  await open(page, playground, scenario);
  await box(page).click();
  await expect(options(page)).toHaveText([/org\/Large-70B\s*131,072 tokens/, /org\/small-1b\s*4,096 tokens/]);
  await expect(status(page)).toHaveText('2 models');
  // The text that stands there narrows nothing until it is typed in.
  await box(page).fill('SMALL');
  await expect(options(page)).toHaveCount(1);
  await expect(status(page)).toHaveText('1 of 2 models');
  await options(page).click();
  await expect(box(page)).toHaveValue('org/small-1b');
  await expect(options(page)).toHaveCount(0);
  expect(await modelOf(playground)).toBe('org/small-1b');
  await playground.base.focus();
  await box(page).focus();
  await box(page).click();
  await expect(options(page)).toHaveCount(2);
  expect(asked(scenario)).toEqual(['/v1/models', '/version']);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await expect.poll(() => asked(scenario)).toEqual(['/v1/models', '/version', '/v1/models', '/version']);
});

test('the keyboard alone opens, takes and closes', async ({ page, playground, endpoint }) => {
  const scenario = scenarioWith(endpoint, { models: make.models(TWO) });
  await open(page, playground, scenario);
  await playground.base.focus();
  await page.keyboard.press('Tab');
  await expect(box(page)).toBeFocused();
  await expect(box(page)).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowDown');
  await expect(options(page)).toHaveCount(2);
  await page.keyboard.press('ArrowUp');
  await expect(options(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(box(page)).toHaveAttribute('aria-activedescendant', 'model-1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveValue('org/Large-70B');
  await expect(options(page)).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(options(page)).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(options(page)).toHaveCount(0);
  await expect(box(page)).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Tab');
  await expect(listButton(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(options(page)).toHaveCount(2);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Ask again' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(options(page)).toHaveCount(0);
});

test('a name that is not in the list is as good as any', async ({ page, playground, endpoint }) => {
  const scenario = scenarioWith(endpoint, { models: make.models(TWO) });
  await open(page, playground, scenario);
  await box(page).fill('own/model');
  await expect(status(page)).toHaveText('0 of 2 models');
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveAttribute('aria-expanded', 'false');
  expect(JSON.parse((await playground.sendAndFinish(scenario)).body).model).toBe('own/model');
});

for (const [what, models, words] of [
  ['a wrong path', make.notFound(), /404 Not Found/],
  ['an error with words', make.json({ error: { message: 'Out of order.' } }, { status: 503 }), /503 Service Unavailable: Out of order\./],
  ['no CORS headers', make.models(TWO, { cors: false }), /sends no CORS headers/],
  ['a redirect', make.redirect('/elsewhere'), /redirect, which is not followed/],
  ['no JSON', make.text('<p>Hello</p>', 'text/html'), /not JSON. Line 1, column 1/],
  ['no list', make.json({ data: 'none' }), /an object without a list of models/],
]) {
  test(`no list because of ${what}: said in the list alone`, async ({ page, playground, endpoint }) => {
    const scenario = scenarioWith(endpoint, { models });
    await open(page, playground, scenario);
    await box(page).fill('typed');
    await expect.poll(() => asked(scenario)).toEqual(['/v1/models']);
    await page.waitForTimeout(200);
    await expect(box(page)).toHaveAttribute('aria-expanded', 'false');
    expect(await modelOf(playground)).toBe('typed');
    await listButton(page).click();
    await expect(status(page)).toHaveText(/No list of models; any name can be typed\./);
    await expect(status(page)).toHaveText(words);
    // A second look asks nothing by itself; the button does.
    expect(asked(scenario)).toEqual(['/v1/models']);
    scenario.models = make.models(TWO);
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect(options(page)).toHaveCount(2);
  });
}

test('the key goes with the list, to its own origin alone, and never to /version', async ({ page, playground, endpoint, otherEndpoint }) => {
  const models = make.models(TWO);
  const mine = scenarioWith(endpoint, { models, version: make.version('0.8.5'), key: 'sk-right' });
  const foreign = scenarioWith(otherEndpoint, { models });
  await open(page, playground, mine);
  await box(page).click();
  // A refused key looks like missing CORS headers at vLLM.
  await expect(status(page)).toHaveText(/any name can be typed/);
  await playground.key.fill('sk-right');
  await box(page).click();
  await expect(options(page)).toHaveCount(2);
  const [, list, version] = mine.received.filter(({ method }) => method === 'GET');
  expect(list.headers.authorization).toBe('Bearer sk-right');
  expect(version.path).toMatch(/\/version$/);
  expect(version.headers.authorization).toBeUndefined();
  await playground.followFor(foreign, BODY);
  await box(page).click();
  await expect(options(page)).toHaveCount(2);
  for (const { headers, path } of foreign.received) expect(JSON.stringify([headers, path])).not.toContain('sk-right');
  await playground.key.fill('schlüssel');
  await listButton(page).click();
  await page.waitForTimeout(200);
  expect(asked(foreign)).toEqual(['/v1/models', '/version']);
});

test('each base URL has its own list', async ({ page, playground, endpoint }) => {
  const first = scenarioWith(endpoint, { models: make.models(TWO) });
  const second = scenarioWith(endpoint, { models: make.llamaCppModels('gemma.gguf', 8192) });
  await open(page, playground, first);
  await box(page).click();
  await expect(options(page)).toHaveCount(2);
  await playground.base.fill(second.base);
  await box(page).click();
  await expect(options(page)).toHaveText([/gemma\.gguf\s*8,192 tokens/]);
  await playground.base.fill(first.base);
  await box(page).click();
  await expect(options(page)).toHaveCount(2);
  expect(asked(first).filter((path) => path === '/v1/models')).toHaveLength(1);
});

for (const [what, list, shown] of [
  ['vLLM by its version', { models: make.models(TWO), version: make.version('0.7.2') }, 'vLLM 0.7, by /version: 0.7.2'],
  ['vLLM that hides its version', { models: make.models(TWO) }, 'vLLM 0.12 and later, by its list of models'],
  ['llama.cpp', { models: make.llamaCppModels('m', 5) }, 'llama.cpp, by its list of models'],
  ['SGLang', { models: make.models([{ id: 'm', owned_by: 'sglang' }]) }, 'SGLang, by its list of models'],
  ['OpenAI behind a gateway', { models: make.models([{ id: 'gpt-4o', owned_by: 'system' }]) }, 'OpenAI, by its list of models'],
  ['a server that tells nothing', { models: make.models([{ id: 'm', owned_by: 'me' }]) }, 'Unknown server'],
]) {
  test(`the server is guessed: ${what}`, async ({ page, playground, endpoint }) => {
    const scenario = scenarioWith(endpoint, list);
    await open(page, playground, scenario);
    const guess = server(page).locator('option').first();
    await expect(guess).toHaveText('Unknown server');
    await listButton(page).click();
    await expect(guess).toHaveText(shown);
    await expect(server(page)).toHaveValue('');
  });
}

test('a server set by hand stays, and the guess comes back when it is asked for', async ({ page, playground, endpoint }) => {
  const scenario = scenarioWith(endpoint, { models: make.models(TWO), version: make.version('0.12.0') });
  const body = { ...BODY, guided_choice: ['a', 'b'] };
  await playground.open(plainLink({ base: scenario.base, body, dialect: 'vllm-0.8' }));
  await listButton(page).click();
  await expect(options(page)).toHaveCount(2);
  await expect(server(page)).toHaveValue('vllm-0.8');
  await expect(playground.parameter('guided_choice')).not.toContainText('in vLLM 0.12');
  await server(page).selectOption('');
  await expect(server(page).locator('option').first()).toHaveText('vLLM 0.12 and later, by /version: 0.12.0');
  // The form follows the guess.
  await expect(playground.parameter('guided_choice')).toContainText('structured_outputs.choice in vLLM 0.12');
});

for (const [colorScheme, width] of [['light', 390], ['dark', 1600]]) {
  test.describe(`${colorScheme} ${width}`, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } });

    test('an open list fits the page, and axe finds nothing', async ({ page, playground, endpoint }) => {
      const many = Array.from({ length: 60 }, (_, at) => ({ id: `organisation/a-model-with-a-long-name-${at}-instruct-fp8`, max_model_len: 1000 * at }));
      await open(page, playground, scenarioWith(endpoint, { models: make.models(many) }));
      await listButton(page).click();
      await expect(options(page)).toHaveCount(60);
      await box(page).press('ArrowUp');
      await expect(options(page).last()).toBeInViewport();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await axeFindings(page)).toEqual([]);
    });
  });
}
