// Sweeps against the scripted endpoint: what is sent, what is shown, what is saved, stopped and resumed.

import { readFile } from 'node:fs/promises';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO } from './playground.mjs';

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
  const planned = [0, 0.5, 1, 1.5, 2].flatMap((temperature) => [1, 2].map((seed) => [temperature, seed]));
  expect(asked).toEqual(planned);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the sweep as CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  const rows = csv.trimEnd().split('\r\n');
  expect(rows).toHaveLength(11);
  for (const [at, [temperature, seed]] of planned.entries()) {
    const shown = await page.locator(`[data-sweep-cell="${Math.floor(at / 2)},${at % 2},0"]`).innerText();
    expect(shown).toContain(`Answer, "${at}"`);
    expect(rows[at + 1]).toMatch(new RegExp(`^${temperature},${seed},1,done,stop,\\d+,.*"Answer, ""${at}"""$`));
  }
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
  await expect(page.getByLabel('Values of the rows')).toHaveValue('[1,2,3,4,5,6]');
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
  await page.getByRole('button', { name: /^total time/ }).click();
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
