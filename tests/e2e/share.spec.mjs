// Taking a request away as a link: another browser gets the same request, no key, and nothing is sent;
// and no link does harm, whoever wrote it.

import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO, Playground, plainLink } from './playground.mjs';

const SECRET = 'sk-secret-4711';
const STRANGE = 'https://strange.example/v1';

/** A body with all that links lose: order of keys, spelling of numbers, quotes and other scripts. */
const BODY = '{"z":1.0,"model":"tiny","messages":[{"role":"user","content":"It\'s \\"so\\" – 🦀\\n$HOME `x` <b>"}],"seed":9007199254740993,"temperature":1e-1,"unknown":{"b":1,"a":null}}';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const linkField = (page) => page.getByLabel('Link', { exact: true });
const compact = (text) => JSON.stringify(JSON.parse(text));

/** Opens the panel, and gives the link in it once it is the present request's. */
async function share(page) {
  if ((await button(page, 'Share').getAttribute('aria-expanded')) !== 'true') await button(page, 'Share').click();
  await expect(linkField(page)).toHaveValue(/#r=1/);
  return linkField(page).inputValue();
}

/** What the shared link brings to a browser that never saw the page. */
async function openElsewhere(browser, watch, link) {
  const context = await browser.newContext();
  await watch.attach(context);
  const page = await context.newPage();
  const there = new Playground(page, watch);
  await page.goto(link);
  await there.ready();
  return { context, page, there };
}

/** A compact link of any text, as somebody might make one by hand: not deflated, with its checksum. */
function forged(text) {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  const [first, a, b, c] = [sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255];
  return `#r=1j${Buffer.concat([Buffer.from([a, b, c ^ first]), Buffer.from(text)]).toString('base64url')}`;
}

test('a shared link brings the same request elsewhere, without the key, and sends nothing', async ({ page, playground, endpoint, browser, watch }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.open(plainLink({ base: scenario.base, body: BODY, dialect: 'sglang' }));
  await playground.key.fill(SECRET);
  const link = await share(page);
  expect(link).not.toContain(SECRET);
  await expect(page.getByText(/^\d+ characters\.$/)).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);

  const { context, page: other, there } = await openElsewhere(browser, watch, link);
  expect((await there.requestText()).replace(/\n */g, '').replaceAll('": ', '":')).toBe(BODY);
  await expect(there.base).toHaveValue(scenario.base);
  await expect(there.key).toHaveValue('');
  expect(await there.everythingWritten()).not.toContain(SECRET);
  await expect(other.getByRole('status').filter({ hasText: 'came from a link' })).toContainText(/1 message and 5 other parameters .*2 unknown.*SGLang.*Nothing was sent/);
  expect(new URL(other.url()).hash).toBe('');
  await other.waitForTimeout(400);
  expect(scenario.received).toHaveLength(0);
  // The same link again, from the page itself, says the same.
  expect(await share(other)).toBe(link);
  await context.close();
});

test('what was on the page can be had back, and a link followed while it is open does the same', async ({ page, playground, endpoint }) => {
  const mine = endpoint.scenario(make.recording('basic'));
  await playground.openFor(mine, HELLO);
  const before = await playground.requestText();
  const link = await share(page);
  await playground.followFor(mine, { model: 'other', messages: [] });
  await expect.poll(() => playground.requestText()).toContain('other');
  await playground.follow(`#${link.split('#')[1]}`);
  await expect.poll(() => playground.requestText()).toBe(before);
  await button(page, 'Restore what was here').click();
  await expect.poll(() => playground.requestText()).toContain('other');
  expect(mine.received).toHaveLength(0);
});

test('an answer goes along when asked to, and is shown as what it is', async ({ page, playground, endpoint, browser, watch }) => {
  const scenario = endpoint.scenario(make.recording('story_long_stream'));
  await playground.openFor(scenario);
  await button(page, 'Share').click();
  await expect(page.getByLabel('With the answer')).toBeDisabled();
  await playground.sendAndFinish(scenario);
  const shown = await playground.shown();
  const bare = await share(page);
  await page.getByLabel('With the answer').check();
  await expect(linkField(page)).not.toHaveValue(bare);
  const link = await linkField(page).inputValue();
  const { context, page: other, there } = await openElsewhere(browser, watch, link);
  await there.reaches('done');
  expect(await there.shown()).toEqual(shown);
  await expect(other.locator('[data-playback]')).toHaveAttribute('data-playback', 'over');
  await expect(other.getByText('Its answer was recorded')).toBeVisible();
  expect(scenario.calls).toHaveLength(1);
  await context.close();
});

test('a base URL that only a link spoke for gets no key before the user says so', async ({ page, playground, endpoint }) => {
  const mine = endpoint.scenario(make.recording('basic'));
  await playground.openFor(mine);
  await playground.key.fill(SECRET);
  await playground.follow(forged(JSON.stringify({ base: STRANGE, body: HELLO })));
  const ask = page.getByRole('group', { name: 'A base URL that is new here' });
  await expect(ask).toContainText(STRANGE);
  await expect(playground.key).toHaveValue('');
  await expect(playground.key).not.toBeEditable();
  expect(await axeFindings(page)).toEqual([]);
  // A reload does not forget it.
  await page.waitForTimeout(400);
  await page.reload();
  await playground.ready();
  await expect(playground.base).toHaveValue(STRANGE);
  await expect(playground.key).not.toBeEditable();
  await playground.base.focus();
  await button(page, 'Use this endpoint').click();
  await expect(ask).toBeHidden();
  await playground.key.fill('another');
  await expect(playground.key).toHaveValue('another');
  // Once used, it is not asked about again.
  await playground.followFor(mine);
  await playground.follow(plainLink({ base: STRANGE }));
  await expect(playground.base).toHaveValue(STRANGE);
  await expect(playground.key).toBeEditable();
});

test('no link does harm: damaged, cut, of another version, a bomb, or with script in every field', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  await playground.openFor(scenario);
  const before = await playground.requestText();
  const whole = (await share(page)).split('#')[1];
  const bomb = `#r=1d${Buffer.concat([Buffer.alloc(3), deflateRawSync(`{"body":{"a":"${' '.repeat(10_000_000)}"}}`)]).toString('base64url')}`;
  expect(bomb.length).toBeLessThan(20_000);
  const bad = {
    [`#${whole.slice(0, -9)}`]: /damaged/,
    [`#${whole.slice(0, 20)}${whole[20] === 'A' ? 'B' : 'A'}${whole.slice(21)}`]: /damaged/,
    '#r=': /cut off/,
    [`#r=2${whole.slice(3)}`]: /newer version/,
    [`#r=0${whole.slice(3)}`]: /format 0 is unknown/,
    [bomb]: /more than 8 MB/,
    [forged('{"body":{},"key":"sk-evil"}')]: /unknown field `key`/,
    [forged('{"body":[]}')]: /object/,
    [forged('{"body":{"a":')]: /cannot be read/,
  };
  for (const [fragment, words] of Object.entries(bad)) {
    await playground.follow(fragment);
    await expect(page.getByRole('status').filter({ hasText: 'could not be opened' })).toContainText(words);
    expect(await playground.requestText()).toBe(before);
    await expect(playground.base).toHaveValue(scenario.base);
  }
  const evil = '\u202e"><img src=x onerror="window.harmed=1"><script>window.harmed=1</script>';
  const body = { model: evil, [evil]: evil, messages: [{ role: evil, content: `${evil} [x](javascript:window.harmed=1)`, name: evil }], tools: [evil], stop: [evil] };
  for (const base of ['https://strange.example/"><script>window.harmed=1</script>', 'javascript:window.harmed=1']) {
    await playground.follow(forged(JSON.stringify({ base, body })));
    await expect(playground.base).toHaveValue(base);
    await expect.poll(async () => compact(await playground.requestText())).toBe(JSON.stringify(body));
    // Nor does it turn around what is said of it.
    const said = page.getByRole('status').filter({ hasText: 'came from a link' });
    await expect(said).toContainText('u{202e}');
    expect(await said.textContent()).not.toContain('\u202e');
    await share(page);
    expect(await page.evaluate(() => window.harmed)).toBeUndefined();
    await page.reload();
    await playground.ready();
    await playground.base.focus();
  }
  expect(scenario.received).toHaveLength(0);
});

test('the link is copied without permission, put into the address on demand, and saved as a file', async ({ page, playground, endpoint }, info) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
  });
  await playground.open(plainLink({ base: scenario.base, body: BODY }));
  const link = await share(page);
  await button(page, 'Copy the link').click();
  await expect(button(page, 'Copy the link')).toContainText('Copied');
  const elsewhere = page.getByRole('textbox', { name: 'Text of message 1' });
  const before = await elsewhere.inputValue();
  await elsewhere.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(elsewhere).toHaveValue(link);
  await elsewhere.fill(before);
  await expect(linkField(page)).toHaveValue(link);

  expect(new URL(page.url()).hash).toBe('');
  await button(page, 'Put it in the address bar').click();
  expect(page.url()).toBe(link);
  await playground.parameter('temperature').getByRole('button', { name: /Unset/ }).click();
  expect(page.url()).toBe(link);
  await expect(linkField(page)).not.toHaveValue(link);

  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as a file: the request').click()]);
  const path = info.outputPath('request.json');
  await download.saveAs(path);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ base: scenario.base, body: { model: 'tiny' } });
  expect(readFileSync(path, 'utf8')).toContain('9007199254740993');
  await page.keyboard.press('Escape');
});
