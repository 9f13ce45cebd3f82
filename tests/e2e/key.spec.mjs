// The key goes to the origin that it was typed for, and nowhere else.

import { readFileSync } from 'node:fs';
import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const SECRET = 'sk-secret-4711';
const quick = () => make.recording('max_tokens_stream');

const storage = (page) =>
  page.evaluate(() => ({ local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage) }));

/** Fails when the key can be found anywhere but in its field. */
async function expectHidden(page, playground) {
  expect(await playground.everythingWritten()).not.toContain(SECRET);
  expect(page.url()).not.toContain(SECRET);
  expect((await storage(page)).local).not.toContain(SECRET);
  expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain(SECRET);
}

test('the field is masked, and shows the key on request only', async ({ page, playground }) => {
  await playground.open();
  await expect(playground.key).toHaveAttribute('type', 'password');
  await expect(playground.key).toHaveAttribute('autocomplete', /off|new-password/);
  await playground.key.fill(SECRET);
  const reveal = page.getByRole('button', { name: /^(Show|Reveal)\b.*key/i });
  await reveal.click();
  await expect(playground.key).toHaveAttribute('type', 'text');
  await expect(playground.key).toHaveValue(SECRET);
  await page.getByRole('button', { name: /^(Hide|Show|Reveal)\b.*key/i }).click();
  await expect(playground.key).toHaveAttribute('type', 'password');
});

test('a key typed for one origin never goes to another', async ({ page, playground, endpoint, otherEndpoint }) => {
  const mine = endpoint.scenario(quick());
  const sibling = endpoint.scenario(quick());
  const foreign = otherEndpoint.scenario(quick());
  await playground.openFor(mine);
  await playground.key.fill(SECRET);
  expect((await playground.sendAndFinish(mine)).headers.authorization).toBe(`Bearer ${SECRET}`);

  // A link brings another origin: the field is empty and the key stays at home.
  await playground.followFor(foreign);
  await expect(playground.key).toHaveValue('');
  await playground.sendAndFinish(foreign);
  // Typing another origin does the same.
  await playground.base.fill(mine.base);
  await expect(playground.key).toHaveValue(SECRET);
  await playground.base.fill(foreign.base);
  await expect(playground.key).toHaveValue('');
  await playground.sendAndFinish(foreign);
  for (const { headers, body, path } of foreign.received) {
    expect(JSON.stringify([headers, body, path])).not.toContain(SECRET);
  }
  // Back at its own origin, on another path too, it is there again.
  await playground.followFor(sibling);
  expect((await playground.sendAndFinish(sibling)).headers.authorization).toBe(`Bearer ${SECRET}`);
  await expectHidden(page, playground);
});

test('a key for a host on another port, or a longer host name, is another key', async ({ playground, endpoint }) => {
  const mine = endpoint.scenario(quick());
  await playground.openFor(mine);
  await playground.key.fill(SECRET);
  for (const base of [
    mine.base.replace('127.0.0.1', 'localhost'),
    mine.base.replace('http://', 'https://'),
    mine.base.replace('127.0.0.1', '127.0.0.1.example.org'),
    mine.base.replace('127.0.0.1', '127.0.0.2'),
  ]) {
    await playground.base.fill(base);
    await expect(playground.key, base).toHaveValue('');
  }
});

test('it is in no storage, and ends with the page', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(quick());
  await playground.openFor(scenario);
  await playground.key.fill(SECRET);
  await playground.sendAndFinish(scenario);
  await page.waitForTimeout(500);
  await expectHidden(page, playground);
  expect((await storage(page)).session).not.toContain(SECRET);
  await page.reload();
  await playground.ready();
  await expect(playground.base).toHaveValue(scenario.base);
  await expect(playground.key).toHaveValue('');
});

test('“Remember for this tab” keeps it over a reload, for its origin alone, until it is forgotten', async ({ page, playground, endpoint, otherEndpoint }) => {
  const scenario = endpoint.scenario(quick());
  const foreign = otherEndpoint.scenario(quick());
  await playground.openFor(scenario);
  await playground.key.fill(SECRET);
  await page.getByLabel('Remember for this tab').check();
  await expect.poll(async () => (await storage(page)).session).toContain(SECRET);
  await page.reload();
  await playground.ready();
  await expect(playground.key).toHaveValue(SECRET);
  expect((await playground.sendAndFinish(scenario)).headers.authorization).toBe(`Bearer ${SECRET}`);
  await expectHidden(page, playground);

  await playground.followFor(foreign);
  await playground.sendAndFinish(foreign);
  expect(foreign.calls[0].headers.authorization).toBeUndefined();

  await playground.followFor(scenario);
  await page.getByRole('button', { name: /^Forget\b/ }).click();
  await expect(playground.key).toHaveValue('');
  expect((await storage(page)).session).not.toContain(SECRET);
  expect((await playground.sendAndFinish(scenario)).headers.authorization).toBeUndefined();
  await page.reload();
  await playground.ready();
  await expect(playground.key).toHaveValue('');
});

test('unticking takes it out of the storage again', async ({ page, playground, endpoint }) => {
  await playground.openFor(endpoint.scenario(quick()));
  await playground.key.fill(SECRET);
  const remember = page.getByLabel('Remember for this tab');
  await remember.check();
  await expect.poll(async () => (await storage(page)).session).toContain(SECRET);
  await remember.uncheck();
  await expect.poll(async () => (await storage(page)).session).not.toContain(SECRET);
  await expect(playground.key).toHaveValue(SECRET);
});

test('a key that no header can carry is told before sending', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(quick());
  await playground.openFor(scenario);
  await playground.key.fill('sk-schlüssel');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/ü/).first()).toBeVisible();
  expect(scenario.received).toHaveLength(0);
});

test('a link cannot bring a key', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(quick());
  await playground.open(`${plainLink({ base: scenario.base })}&key=${SECRET}`);
  await expect(playground.key).toHaveValue('');
  expect(page.url()).not.toContain(SECRET);
});

test('a key that a server sends back is masked wherever it is shown, kept or saved', async ({ page, playground, endpoint }, info) => {
  const said = `Incorrect API key provided: ${SECRET}.`;
  const headers = { 'x-echo': `Bearer ${SECRET}`, 'access-control-expose-headers': 'x-echo' };
  const refused = make.json({ error: { message: said } }, { status: 401, chunk: 7, delay: 1 });
  const answers = [
    { ...refused, headers: { ...refused.headers, ...headers } },
    make.stream(`data: ${JSON.stringify({ error: { message: said } })}\n\ndata: [DONE]\n\n`, { chunk: 50, delay: 1 }),
  ];
  for (const answer of answers) {
    const scenario = endpoint.scenario(answer);
    await playground.openFor(scenario);
    await playground.key.fill(SECRET);
    await playground.sendAndFinish(scenario);
    await expect(playground.error).toContainText('Incorrect API key provided: [API key masked].');
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.locator('[data-event="0"]').click();
    await expectHidden(page, playground);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save run' }).click()]);
    const path = info.outputPath('run.json');
    await download.saveAs(path);
    expect(readFileSync(path, 'utf8')).not.toContain(SECRET);
  }
});
