// The request as code: it does what the page would do, and holds no key unless somebody wants that.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO, plainLink } from './playground.mjs';

const LANGUAGES = [
  'curl',
  'powershell',
  'cmd',
  'python-openai',
  'python-httpx',
  'javascript',
  'javascript-fetch',
  'rust',
  'http',
];
const KEY = 'sk-very-secret-0123456789';

const HARD = `{
  "model": "tiny",
  "messages": [{"role": "user", "content": "it's \\"quoted\\" $HOME \`id\` !x \\\\ %PATH% é🦀 \\u0000\\n\\t"}],
  "stream": true,
  "seed": 9007199254740993,
  "temperature": 1.0,
  "top_p": 1e-3,
  "my_own": null
}`;

const panel = (page) => page.getByRole('group', { name: 'Code', exact: true });
const openCode = (page) => page.getByRole('button', { name: 'Code', exact: true }).click();
const code = (page, language) => page.locator(`[data-export="${language}"]`);
const copy = (page) => page.getByRole('button', { name: 'Copy the code' }).click();

/** Runs a command as a person would, and gives back what it printed. */
async function run(command, environment = {}) {
  const file = join(mkdtempSync(join(tmpdir(), 'code-')), 'chat.sh');
  writeFileSync(file, command);
  const { stdout } = await promisify(execFile)('bash', [file], {
    timeout: 20_000,
    env: { PATH: process.env.PATH, ...environment },
  });
  return stdout;
}

test('the curl that was copied gets an answer, and what arrives is the request', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'), { key: KEY });
  await playground.openFor(scenario, HARD);
  await openCode(page);
  // Without any run, and as the request is now.
  await expect(code(page, 'curl')).toContainText(scenario.base);
  await playground.key.fill(KEY);
  await expect(code(page, 'curl')).toContainText('$API_KEY');
  await copy(page);
  await expect(page.getByRole('button', { name: 'Copy the code' })).toContainText('Copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await code(page, 'curl').textContent());
  expect(copied).toContain('--no-buffer');
  expect(copied).not.toContain(KEY);

  const printed = await run(copied, { API_KEY: KEY });
  expect(printed).toContain('data: [DONE]');
  expect(scenario.calls[0].body).toBe(await playground.requestText());
  expect(scenario.calls[0].headers.authorization).toBe(`Bearer ${KEY}`);

  // Every other language is there, with the request and without the key.
  for (const language of LANGUAGES) {
    const text = await code(page, language).textContent();
    expect(text, language).toContain('9007199254740993');
    expect(text, language).toContain('API_KEY');
  }
  expect(await playground.everythingWritten()).not.toContain(KEY);

  // And it follows the request.
  await playground.json.fill('{"model": "other", "messages": []}');
  await expect(code(page, 'curl')).toContainText('"other"');
  await expect(code(page, 'curl')).not.toContainText('--no-buffer');
  await playground.json.fill('{"model": ');
  await expect(panel(page)).toContainText('no valid JSON yet');
  await expect(code(page, 'curl')).toContainText('"other"');
});

test('the key itself is asked for, warned of, and gone when it is not looked at', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'), { key: KEY });
  await playground.openFor(scenario);
  await openCode(page);
  const ask = page.getByRole('button', { name: 'Put the key itself in' });
  await expect(code(page, 'curl')).toContainText('$API_KEY');
  await expect(ask).toBeHidden();
  await playground.key.fill(KEY);
  await ask.click();
  await expect(page.getByRole('alert').filter({ hasText: 'can then use your key' })).toContainText(endpoint.origin);
  await expect(page.getByRole('button', { name: 'Keep the variable' })).toBeFocused();
  expect(await code(page, 'curl').textContent()).not.toContain(KEY);
  await page.getByRole('button', { name: 'Put it in all the same' }).click();
  await expect(code(page, 'curl')).toContainText(KEY);
  const printed = await run(await code(page, 'curl').textContent());
  expect(JSON.parse(printed)).toHaveProperty('choices');

  for (const away of [
    () => page.getByRole('button', { name: 'Take the key out' }).click(),
    () => page.getByRole('tab', { name: 'Sent' }).click(),
    () => playground.base.fill('http://127.0.0.1:1/v1'),
  ]) {
    await away();
    await expect(code(page, 'curl')).not.toContainText(KEY);
    expect(await playground.everythingWritten()).not.toContain(KEY);
    await playground.base.fill(scenario.base);
    await openCode(page);
    await ask.click();
    await page.getByRole('button', { name: 'Put it in all the same' }).click();
    await expect(code(page, 'curl')).toContainText(KEY);
  }
  await page.reload();
  await playground.ready();
  await openCode(page);
  await expect(code(page, 'curl')).toContainText('$API_KEY');
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain(KEY);
});

for (const how of ['has no clipboard', 'forbids it']) {
  test(`a copy is made where the browser ${how}`, async ({ page, context, playground }) => {
    await page.addInitScript((refuses) => {
      const writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      Object.defineProperty(navigator, 'clipboard', { value: refuses ? { writeText } : undefined });
    }, how === 'forbids it');
    await playground.open(plainLink({ base: 'http://127.0.0.1:9/v1', body: HELLO }));
    await openCode(page);
    await expect(code(page, 'curl')).toContainText('127.0.0.1:9');
    const button = page.getByRole('button', { name: 'Copy the code' });
    await button.click();
    await expect(button).toContainText('Copied');
    await expect(button).toBeFocused();
    const text = await code(page, 'curl').textContent();
    const other = await context.newPage();
    await other.goto('/');
    expect(await other.evaluate(() => navigator.clipboard.readText())).toBe(text);
    await other.close();
  });
}

test('language, layout and variable are chosen, and the file is named for its language', async ({ page, playground }) => {
  await playground.open(plainLink({ base: 'http://127.0.0.1:9/v1', body: HELLO }));
  await openCode(page);
  const language = panel(page).getByRole('combobox', { name: 'Language' });
  await language.selectOption('python-openai');
  const shown = code(page, 'python-openai');
  await expect(shown).toBeVisible();
  await expect(code(page, 'curl')).toBeHidden();
  await panel(page).getByRole('textbox', { name: 'Variable' }).fill('MY_KEY');
  await expect(shown).toContainText('os.environ["MY_KEY"]');
  await panel(page).getByRole('textbox', { name: 'Variable' }).fill('not a name');
  await expect(panel(page)).toContainText('This is no name of a variable');
  await expect(shown).toContainText('os.environ["API_KEY"]');
  await panel(page).getByRole('combobox', { name: 'Key' }).selectOption('none');
  await expect(shown).not.toContainText('environ');

  await language.selectOption('javascript-fetch');
  await panel(page).getByRole('combobox', { name: 'Body' }).selectOption('compact');
  await expect(code(page, 'javascript-fetch')).toContainText('{"model":"tiny"');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the code as a file' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('chat-completion-fetch.mjs');
  const saved = readFileSync(await download.path(), 'utf8');
  expect(saved).toBe(`${await code(page, 'javascript-fetch').textContent()}\n`);

  await page.reload();
  await playground.ready();
  await openCode(page);
  await expect(code(page, 'javascript-fetch')).toBeVisible();

  // The endpoint inside the page is not to be had elsewhere, and takes no key.
  await playground.base.fill('builtin');
  await expect(code(page, 'javascript-fetch')).toContainText('fetch("http://127.0.0.1:8000/v1/chat/completions"');
  await expect(code(page, 'javascript-fetch')).not.toContainText('API_KEY');
  await expect(panel(page)).toContainText('cargo xtask endpoint');

  await playground.base.fill('ftp://nowhere');
  await expect(panel(page)).toContainText('cannot be used here');
  await expect(code(page, 'javascript-fetch')).toHaveText('');
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1600]) {
    test.describe(`${colorScheme} at ${width} pixels`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('axe finds nothing in the code, and nothing sticks out', async ({ page, playground, endpoint }) => {
        const scenario = endpoint.scenario(make.recording('basic'));
        await playground.openFor(scenario, HARD);
        await playground.key.fill(KEY);
        await openCode(page);
        for (const language of ['curl', 'python-openai', 'rust', 'cmd']) {
          await panel(page).getByRole('combobox', { name: 'Language' }).selectOption(language);
          await expect(code(page, language)).toBeVisible();
          await expect(code(page, language).locator('span').first()).toBeVisible();
          expect(await axeFindings(page)).toEqual([]);
        }
        await page.getByRole('button', { name: 'Put the key itself in' }).click();
        await panel(page).getByRole('textbox', { name: 'Variable' }).fill('?');
        expect(await axeFindings(page)).toEqual([]);
        await page.getByRole('button', { name: 'Put it in all the same' }).click();
        expect(await axeFindings(page)).toEqual([]);
        const over = await page.evaluate(() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
        expect(over).toBeLessThanOrEqual(0);
      });
    });
  }
}
