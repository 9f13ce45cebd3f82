// Playing a run back: the same record through the same reader, nothing sent; and runs as files.

import { readFileSync, writeFileSync } from 'node:fs';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';

const openLog = (page) => page.getByRole('tab', { name: 'Events' }).click();
const button = (page, name) => page.getByRole('button', { name, exact: true });
const strip = (page) => page.locator('[data-playback]');

/** The run as the page shows it, with its figures to a millionth: a file may lose the last digit of a number. */
async function figures(playground) {
  const { page } = playground;
  await page.getByRole('tab', { name: 'Usage and time' }).click();
  await expect(page.locator('[data-metric="gap_p50"]')).toBeVisible();
  const metrics = await page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('[data-metric]')].map(({ dataset }) => [dataset.metric, Number(dataset.value).toFixed(6)]),
    ),
  );
  await openLog(page);
  return { shown: await playground.shown(), metrics };
}

/** Marks what is drawn of the answer, and gives a check that another took its place. */
async function another(playground) {
  await playground.content().evaluate((node) => Object.assign(node.firstChild, { old: true }));
  return () => expect.poll(() => playground.content().evaluate((node) => node.firstChild?.old)).toBeUndefined();
}

/** Runs a slow story, and shows its log. */
async function run({ page, playground, endpoint }, parts = { chunk: 600, delay: 30 }) {
  const scenario = endpoint.scenario(make.recording('story_long_stream', parts));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await playground.reaches('done');
  await openLog(page);
  return scenario;
}

test('a playback comes to the same answer and the same figures, and sends nothing', async ({ page, playground, endpoint }) => {
  const scenario = await run({ page, playground, endpoint });
  const before = await figures(playground);
  for (const pace of ['10× as fast', 'At once']) {
    await page.getByLabel('How fast to play back').selectOption(pace);
    const began = await another(playground);
    await button(page, 'Play back').click();
    await began();
    await expect(strip(page)).toHaveAttribute('data-playback', 'over');
    await playground.reaches('done');
    expect(await figures(playground)).toEqual(before);
  }
  await expect(strip(page)).toContainText('Nothing is sent');
  expect(scenario.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(await axeFindings(page)).toEqual([]);
});

test('it goes at its own pace, or faster', async ({ page, playground, endpoint }) => {
  await run({ page, playground, endpoint });
  const total = Number(await page.locator('[data-metric="total"]').getAttribute('data-value'));
  expect(total).toBeGreaterThan(400);
  const time = async (pace) => {
    await page.getByLabel('How fast to play back').selectOption(pace);
    const begun = Date.now();
    await button(page, 'Play back').click();
    await expect(strip(page)).toHaveAttribute('data-playback', 'over');
    return Date.now() - begun;
  };
  expect(await time('Own pace')).toBeGreaterThan(total * 0.9);
  expect(await time('10× as fast')).toBeLessThan(total * 0.9);
});

test('what is done with a run stands on one line of a phone', async ({ page, playground, endpoint }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const scenario = endpoint.scenario(make.recording('basic'));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await playground.pane('Inspect').click();
  await openLog(page);
  const tops = await page.getByRole('group', { name: 'The whole run' }).evaluate((all) => [...all.children].map((one) => one.getBoundingClientRect().top));
  expect(tops).toHaveLength(4);
  expect(new Set(tops).size).toBe(1);
});

test('it can be paused, and stopped as any run, which loses nothing of the run', async ({ page, playground, endpoint }) => {
  await run({ page, playground, endpoint }, { chunk: 200, delay: 40 });
  const whole = await playground.content().textContent();
  await button(page, 'Play back').click();
  await expect(playground.content()).toContainText(/\w/);
  await button(page, 'Pause').click();
  await expect(strip(page)).toHaveAttribute('data-playback', 'paused');
  await page.waitForTimeout(150);
  const held = await playground.content().textContent();
  await page.waitForTimeout(400);
  expect(await playground.content().textContent()).toBe(held);
  await button(page, 'Go on').click();
  await expect.poll(async () => (await playground.content().textContent()).length).toBeGreaterThan(held.length);
  await playground.stop.click();
  await playground.reaches('stopped');
  await expect(strip(page)).toHaveAttribute('data-playback', 'over');
  expect((await playground.content().textContent()).length).toBeLessThan(whole.length);
  await page.getByLabel('How fast to play back').selectOption('At once');
  await button(page, 'Play back').click();
  await playground.reaches('done');
  expect(await playground.content().textContent()).toBe(whole);
});

test('a run is saved without its key, and opened again', async ({ page, playground, endpoint }, info) => {
  const key = 'sk-very-secret-0123456789';
  const scenario = endpoint.scenario(make.recording('story_long_stream'), { key });
  await playground.openFor(scenario);
  await playground.key.fill(key);
  await playground.sendAndFinish(scenario);
  await openLog(page);
  const before = await figures(playground);
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save run').click()]);
  expect(download.suggestedFilename()).toMatch(/^run-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/);
  const path = info.outputPath('run.json');
  await download.saveAs(path);
  const text = readFileSync(path, 'utf8');
  expect(text).not.toContain('secret');
  expect(JSON.parse(text)).toMatchObject({ format: 'chat-completions-run', version: 1, head: { status: 200 } });

  // A page that never sent anything opens it.
  await page.reload();
  await playground.ready();
  await playground.send.hover();
  await openLog(page);
  const open = async (file) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, 'Open run').click()]);
    await chooser.setFiles(file);
  };
  await open(path);
  await playground.reaches('done');
  expect(await figures(playground)).toEqual(before);
  expect(scenario.calls).toHaveLength(1);

  const bad = info.outputPath('bad.json');
  writeFileSync(bad, text.replace('"version":1', '"version":7'));
  await open(bad);
  await expect(page.getByRole('alert')).toContainText('version 7');
  await playground.reaches('done');
});
