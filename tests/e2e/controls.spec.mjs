// What controls do beyond holding a value: brackets that find each other, tools brought in, usage that
// comes with streaming, and presets of one's own.

import { readFile } from 'node:fs/promises';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';

const BODY = { model: 'tiny', messages: [{ role: 'user', content: 'Hi' }] };
const valueOf = async (playground, name) => JSON.parse(await playground.requestText())[name];

async function open(playground, endpoint, body = BODY) {
  const scenario = endpoint.scenario(make.recording('basic'));
  await playground.openFor(scenario, body);
  return scenario;
}

/** Puts the caret of a text area at an offset. */
const putCaret = (area, at) =>
  area.evaluate((node, place) => {
    node.focus();
    node.setSelectionRange(place, place);
  }, at);
const caretOf = (area) => area.evaluate((node) => node.selectionStart);
/** Saves a preset in the panel that is open. */
async function save(page, name) {
  await page.getByLabel('Name of the new preset').fill(name);
  await page.keyboard.press('Enter');
}

const marks = (page) => page.locator('mark[data-bracket]');

test.describe('brackets', () => {
  const SCHEMA = '{\n  "type": "object",\n  "properties": {"}": {"enum": ["]", 1]}}\n}';

  test('the partner of the bracket at the caret is marked, named and reached', async ({ page, playground, endpoint }) => {
    await open(playground, endpoint);
    const area = playground.parameter('guided_json').getByLabel('guided_json as JSON');
    await area.fill(SCHEMA);
    await putCaret(area, 0);
    await expect(page.getByText('{ closes at line 4, column 1 · Ctrl+M')).toBeVisible();
    await expect(marks(page)).toHaveText(['{', '}']);
    await page.keyboard.press('Control+m');
    await expect.poll(() => caretOf(area)).toBe(SCHEMA.length);
    await expect(page.getByText('} opens at line 1, column 1 · Ctrl+M')).toBeVisible();
    await page.keyboard.press('Control+m');
    await expect.poll(() => caretOf(area)).toBe(1);
    // One inside a string is text.
    await putCaret(area, SCHEMA.indexOf('"}"') + 2);
    await expect(marks(page)).toHaveCount(0);
    await putCaret(area, SCHEMA.indexOf('["]'));
    await expect(page.getByText('[ closes at line 3, column 39 · Ctrl+M')).toBeVisible();
    await playground.base.focus();
    await expect(marks(page)).toHaveCount(0);
  });

  test('a bracket without a partner says so', async ({ page, playground, endpoint }) => {
    await open(playground, endpoint);
    const area = playground.parameter('guided_json').getByLabel('guided_json as JSON');
    await area.fill('{"a": [1}');
    await putCaret(area, 6);
    await expect(page.getByText('[ meets } at line 1, column 9')).toBeVisible();
    await expect(marks(page).first()).toHaveAttribute('data-bracket', 'odd');
    await area.fill('{"a": []');
    await putCaret(area, 1);
    await expect(page.getByText('{ is never closed')).toBeVisible();
    // What is wrong with the text is still to be seen.
    await expect(playground.parameter('guided_json').getByText(/line 1, column/i)).toBeVisible();
  });

  test('marks lie on their brackets, wrapped and scrolled', async ({ page, playground, endpoint }) => {
    const items = Array.from({ length: 150 }, (_, at) => `a long item ${'x'.repeat(at % 90)} ${at}`);
    await open(playground, endpoint, { ...BODY, own: items });
    await playground.showJson();
    const area = playground.json;
    const text = await area.inputValue();
    const opens = text.indexOf('"own": [') + 7;
    await putCaret(area, opens);
    await expect(marks(page)).toHaveCount(2);
    await page.keyboard.press('Control+m');
    await expect.poll(() => caretOf(area)).toBe(text.lastIndexOf(']') + 1);
    // The browser tells of the caret and of scrolling later, each in a task of its own: until then the marks
    // are those of the bracket before.
    const there = page.locator('#bracket-here');
    await expect(there).toHaveText(']');
    // The mark is inside what the area shows, at the height that its line has there.
    const shown = () => area.evaluate((node) => {
      const here = document.querySelector('#bracket-here');
      const copy = here.parentElement;
      const [mark, box] = [here.getBoundingClientRect(), node.getBoundingClientRect()];
      return [
        mark.top > box.top && mark.bottom < box.bottom,
        copy.scrollHeight - node.scrollHeight, copy.scrollTop - node.scrollTop, copy.clientWidth - node.clientWidth,
      ];
    });
    await expect.poll(shown).toEqual([true, 0, 0, 0]);
    await area.evaluate((node) => node.scrollBy(0, -100));
    await expect
      .poll(() => area.evaluate((node) => document.querySelector('#bracket-here').parentElement.scrollTop - node.scrollTop))
      .toBe(0);
  });

  test('Format puts the text in order and keeps its spelling', async ({ page, playground, endpoint }) => {
    await open(playground, endpoint);
    const row = playground.parameter('guided_json');
    await row.getByLabel('guided_json as JSON').fill('{"type":"number","maximum":1.50}');
    await row.getByRole('button', { name: 'Format guided_json' }).click();
    await expect(row.getByLabel('guided_json as JSON')).toHaveValue('{\n  "type": "number",\n  "maximum": 1.50\n}');
    await row.getByLabel('guided_json as JSON').fill('{"type":');
    await row.getByRole('button', { name: 'Format guided_json' }).click();
    await expect(row.getByLabel('guided_json as JSON')).toHaveValue('{"type":');
    await expect(page.getByText(/line 1, column 8/i).first()).toBeVisible();
  });
});

test.describe('tools brought in', () => {
  const TOOL = { type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } };
  const OLD = { name: 'find', description: 'Finds it.', parameters: { type: 'object' } };

  test('an array, one tool and old functions are added to what is there', async ({ page, playground, endpoint }) => {
    await open(playground, endpoint);
    const tools = playground.parameter('tools');
    await tools.getByText('Import tools').click();
    const box = tools.getByLabel('tools as JSON, to import');
    const take = async (value) => {
      await box.fill(JSON.stringify(value));
      await tools.getByRole('button', { name: 'Import tools', exact: true }).click();
      await expect(box).toHaveValue('');
    };
    await take([TOOL, OLD]);
    await expect(tools.getByText('Added 2 tools.')).toBeVisible();
    await take(OLD);
    await expect(tools.getByText('Added 1 tool.')).toBeVisible();
    const found = { type: 'function', function: OLD };
    await expect.poll(() => valueOf(playground, 'tools')).toEqual([TOOL, found, found]);
    await expect(tools.getByLabel('tools 2 name')).toHaveValue('find');
    await expect(page.getByRole('combobox', { name: 'tool_choice' }).locator('option')).toContainText(['function look_up', 'function find']);
  });

  test('what is no tool says why, and changes nothing', async ({ playground, endpoint }) => {
    await open(playground, endpoint, { ...BODY, tools: [TOOL] });
    const tools = playground.parameter('tools');
    await tools.getByText('Import tools').click();
    const box = tools.getByLabel('tools as JSON, to import');
    for (const [text, words] of [
      ['[{"name": "a"}, 5]', 'Tool 2 is a number'],
      ['{"type": "function"}', 'has no function with a name'],
      ['[', /line 1, column 1/i],
    ]) {
      await box.fill(text);
      await tools.getByRole('button', { name: 'Import tools', exact: true }).click();
      await expect(tools.getByText(words)).toBeVisible();
      await expect(box).toHaveValue(text);
      await expect(box).toHaveAttribute('aria-invalid', 'true');
    }
    expect(await valueOf(playground, 'tools')).toEqual([TOOL]);
  });

  test('a file will do', async ({ page, playground, endpoint }) => {
    await open(playground, endpoint);
    const tools = playground.parameter('tools');
    await tools.getByText('Import tools').click();
    const chooser = page.waitForEvent('filechooser');
    await tools.getByRole('button', { name: 'Import tools from a file' }).click();
    await (await chooser).setFiles({ name: 'tools.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify([TOOL])) });
    await expect.poll(() => valueOf(playground, 'tools')).toEqual([TOOL]);
  });
});

test('streaming brings include_usage with it, and takes it away', async ({ playground, endpoint }) => {
  await open(playground, endpoint);
  const stream = (says) => playground.parameter('stream').getByRole('radio', { name: `stream ${says}`, exact: true });
  await stream('true').check();
  await expect.poll(() => valueOf(playground, 'stream_options')).toEqual({ include_usage: true });
  await stream('false').check();
  await expect.poll(() => valueOf(playground, 'stream_options')).toBeUndefined();
  await stream('true').check();
  const options = playground.parameter('stream_options');
  await options.getByRole('radio', { name: 'stream_options include_usage false' }).check();
  await stream('not sent').check();
  await expect.poll(() => valueOf(playground, 'stream_options')).toEqual({ include_usage: false });
});

test('escapes in chips are typed and shown', async ({ playground, endpoint }) => {
  await open(playground, endpoint, { ...BODY, stop: ['\n\n', '\t', 'a\\b', ''] });
  const row = playground.parameter('stop');
  await expect(row.getByLabel('stop 1', { exact: true })).toHaveValue('\\n\\n');
  await expect(row.getByLabel('stop 2', { exact: true })).toHaveValue('\\t');
  await expect(row.getByLabel('stop 3', { exact: true })).toHaveValue('a\\\\b');
  await expect(row.getByLabel('stop 4', { exact: true })).toHaveAttribute('placeholder', 'empty');
  await row.getByLabel('stop 2', { exact: true }).fill('\\u0041\\t');
  await expect.poll(() => valueOf(playground, 'stop')).toEqual(['\n\n', 'A\t', 'a\\b']);
});

test('an empty list is told from none', async ({ playground, endpoint }) => {
  await open(playground, endpoint, { ...BODY, guided_choice: [] });
  const row = playground.parameter('guided_choice');
  await expect(row).not.toHaveAttribute('data-state', 'unset');
  await expect(row.getByLabel('Add to guided_choice')).toHaveAttribute('placeholder', '[] is sent');
  await row.getByRole('button', { name: 'Unset guided_choice' }).click();
  await expect(row.getByLabel('Add to guided_choice')).toHaveAttribute('placeholder', 'not sent');
});

test('a grammar begins with a starter of either kind', async ({ playground, endpoint }) => {
  await open(playground, endpoint);
  const row = playground.parameter('guided_grammar');
  for (const [name, words] of [['GBNF', 'root ::='], ['Lark', 'start:']]) {
    await row.getByRole('button', { name: `Begin guided_grammar with ${name}` }).click();
    await expect.poll(() => valueOf(playground, 'guided_grammar')).toContain(words);
    await row.getByRole('button', { name: 'Unset guided_grammar' }).click();
  }
});

test.describe('presets of one’s own', () => {
  const panel = (page) => page.locator('details', { has: page.locator('summary', { hasText: 'Presets' }) });
  const names = (page) => panel(page).getByRole('textbox', { name: /^Name of preset/ });

  async function openPanel(page, playground, endpoint) {
    await open(playground, endpoint, { ...BODY, top_k: 5 });
    await page.locator('summary', { hasText: 'Presets' }).click();
  }

  test('by keyboard alone: saved, applied, renamed, deleted, brought back', async ({ page, playground, endpoint }) => {
    await open(playground, endpoint, { ...BODY, top_k: 5 });
    await page.locator('summary', { hasText: 'Presets' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name of the new preset').focus();
    await page.keyboard.press('Enter');
    await expect(panel(page).getByText('Type a name first.')).toBeVisible();
    await page.keyboard.type('Mine');
    await page.keyboard.press('Enter');
    await expect(panel(page).getByText('Saved “Mine”.')).toBeVisible();
    await names(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Ours');
    await page.keyboard.press('Enter');
    await expect(panel(page).getByText('“Mine” is “Ours” now.')).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Apply Ours' })).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(names(page)).toHaveCount(0);
    await expect(panel(page).getByText('Deleted “Ours”.')).toBeVisible();
    const undo = page.getByRole('button', { name: 'Undo the change of your presets' });
    await undo.focus();
    await page.keyboard.press('Enter');
    await expect(names(page)).toHaveValue('Ours');
    await page.reload();
    await playground.ready();
    await page.locator('summary', { hasText: 'Presets' }).click();
    await expect(names(page)).toHaveValue('Ours');
  });

  test('a name is never blank, never twice, and replacing can be undone', async ({ page, playground, endpoint }) => {
    await openPanel(page, playground, endpoint);
    await save(page, 'A');
    await save(page, 'B');
    await names(page).nth(1).fill(' ');
    await names(page).nth(1).blur();
    await expect(panel(page).getByText('A preset needs a name; this one stays “B”.')).toBeVisible();
    await expect(names(page).nth(1)).toHaveValue('B');
    await names(page).nth(1).fill('A');
    await names(page).nth(1).blur();
    await expect(panel(page).getByText('Another preset is “A”; this one stays “B”.')).toBeVisible();
    await playground.field('top_k').fill('9');
    await save(page, 'A');
    await expect(panel(page).getByText('Replaced “A”.')).toBeVisible();
    await page.getByRole('button', { name: 'Undo the change of your presets' }).click();
    await page.getByRole('button', { name: 'Apply A' }).click();
    await expect.poll(() => valueOf(playground, 'top_k')).toBe(5);
  });

  test('out as a file, and in again from one', async ({ page, playground, endpoint }) => {
    await openPanel(page, playground, endpoint);
    await expect(panel(page).getByRole('link', { name: 'Export your presets' })).toBeHidden();
    await save(page, 'Ümläut “x”');
    const download = page.waitForEvent('download');
    await panel(page).getByRole('link', { name: 'Export your presets' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('presets.json');
    const text = await readFile(await file.path(), 'utf8');
    expect(JSON.parse(text)).toEqual([{ name: 'Ümläut “x”', body: { ...BODY, top_k: 5 } }]);
    await page.getByRole('button', { name: 'Delete Ümläut “x”' }).click();
    const pick = async (content) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Import presets from a file' }).click();
      await (await chooser).setFiles({ name: 'p.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    };
    await pick(text);
    await expect(panel(page).getByText('Imported 1 preset.')).toBeVisible();
    await expect(names(page)).toHaveValue('Ümläut “x”');
    await pick('{"name": "x"}');
    await expect(panel(page).getByText(/Presets are a list like/)).toBeVisible();
    await expect(names(page)).toHaveCount(1);
  });

  test('a full storage is told', async ({ page, playground, endpoint }) => {
    await openPanel(page, playground, endpoint);
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await save(page, 'Mine');
    await expect(panel(page).getByText(/its storage is full or off/)).toBeVisible();
  });
});

for (const [colorScheme, width] of [['light', 390], ['dark', 1024]]) {
  test.describe(`${colorScheme} ${width}`, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } });

    test('axe finds nothing with imports unfolded and brackets marked, and nothing sticks out', async ({ page, playground, endpoint }) => {
      await open(playground, endpoint, { ...BODY, guided_json: { type: 'object', properties: {} } });
      await page.locator('summary', { hasText: 'Presets' }).click();
      await save(page, 'Mine');
      await playground.parameter('tools').getByText('Import tools').click();
      await putCaret(playground.parameter('guided_json').getByLabel('guided_json as JSON'), 0);
      await expect(marks(page)).toHaveCount(2);
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  });
}
