// The form: every documented parameter has a control that sets, shows and unsets its key; nonsense
// keeps its text and says so; all of it by keyboard; nothing of it in the way of a screen reader.

import { LONG_CONVERSATION, press, watchPresses, words } from '../bench/presses.mjs';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const BASE_BODY = { model: 'tiny', messages: [{ role: 'user', content: 'Hi' }] };
const scenarioOf = (endpoint) => endpoint.scenario(make.recording('basic'));

const SWITCHES = [
  'reasoning_content', 'logprobs', 'stream', 'parallel_tool_calls', 'use_beam_search',
  'include_stop_str_in_output', 'ignore_eos', 'skip_special_tokens', 'spaces_between_special_tokens',
  'echo', 'add_generation_prompt', 'continue_final_message', 'add_special_tokens',
];
// Typed text, and the exact JSON that it must become.
const NUMBERS = {
  frequency_penalty: '0.50', presence_penalty: '-0.25', temperature: '1e-1', top_p: '0.9', min_p: '0.05',
  repetition_penalty: '1.10', length_penalty: '0.8', top_logprobs: '5', max_tokens: '64',
  max_completion_tokens: '65', n: '2', best_of: '3', top_k: '40', min_tokens: '1',
  truncate_prompt_tokens: '100', prompt_logprobs: '0', priority: '-1', seed: '9223372036854775807',
};
const TEXTS = {
  user: 'me', guided_decoding_backend: 'xgrammar', guided_whitespace_pattern: '[ ]?', request_id: 'r-1',
  guided_regex: '[a-z]+', guided_grammar: 'root ::= "a"', chat_template: '{{ messages }}',
};
const LISTS = {
  stop: ['\\n\\n', 'END', ['\n\n', 'END']],
  guided_choice: ['yes', 'no', ['yes', 'no']],
  stop_token_ids: ['2', '32000', [2, 32000]],
};

/** Opens the page with a small request. */
async function open(playground, endpoint, body = BASE_BODY) {
  const scenario = scenarioOf(endpoint);
  await playground.openFor(scenario, body);
  return scenario;
}

/** The value of a key of the request, as the page would send it. */
const valueOf = async (playground, name) => JSON.parse(await playground.requestText())[name];

/** Fails unless the row says it is set and the body has the value. */
async function expectSet(playground, name, value) {
  await expect.poll(() => valueOf(playground, name), { message: name }).toEqual(value);
  await expect(playground.parameter(name), name).not.toHaveAttribute('data-state', 'unset');
}

/** Unsets a row by its button, and fails unless the key is gone. */
async function unset(playground, name) {
  await playground.parameter(name).getByRole('button', { name: `Unset ${name}`, exact: true }).click();
  await expect.poll(() => valueOf(playground, name), { message: name }).toBeUndefined();
  await expect(playground.parameter(name), name).not.toHaveAttribute('data-state', 'set');
}

test('all 51 rows are there, once each', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint);
  const names = await page.locator('[data-parameter]').evaluateAll((rows) => rows.map((row) => row.dataset.parameter));
  expect(names).toHaveLength(51);
  expect(new Set(names).size).toBe(51);
  const walked = [...SWITCHES, ...Object.keys(NUMBERS), ...Object.keys(TEXTS), ...Object.keys(LISTS)];
  const special = [
    'model', 'messages', 'logit_bias', 'tools', 'tool_choice', 'response_format', 'guided_json',
    'stream_options', 'documents', 'chat_template_kwargs',
  ];
  expect(names.sort()).toEqual([...walked, ...special].sort());
  for (const name of names) {
    if (name === 'messages') continue;
    const control = playground.parameter(name).locator('input, textarea, select').first();
    const label = await control.evaluate(
      (node) => node.getAttribute('aria-label') ?? [...node.labels].map((each) => each.textContent).join(),
    );
    expect(label, name).toContain(name);
  }
});

test('switches have three states', async ({ playground, endpoint }) => {
  await open(playground, endpoint);
  for (const name of SWITCHES) {
    const radio = (says) => playground.parameter(name).getByRole('radio', { name: `${name} ${says}`, exact: true });
    await radio('true').check();
    await expectSet(playground, name, true);
    await radio('false').check();
    await expectSet(playground, name, false);
    await unset(playground, name);
    await expect(radio('not sent')).toBeChecked();
  }
});

test('numbers keep every digit, and nonsense keeps its text', async ({ playground, endpoint }) => {
  await open(playground, endpoint);
  for (const [name, text] of Object.entries(NUMBERS)) {
    const row = playground.parameter(name);
    const box = row.getByRole('textbox', { name, exact: true });
    await box.fill(text);
    await expectSet(playground, name, JSON.parse(text));
    expect(await playground.requestText(), name).toContain(`"${name}": ${text}`);
    const before = await playground.requestText();
    await box.fill('nonsense');
    await expect(row).toHaveAttribute('data-state', 'problem');
    await expect(row.locator(`[data-problem="${name}"]`).first()).toContainText('nonsense');
    await expect(box).toHaveValue('nonsense');
    expect(await playground.requestText(), name).toBe(before);
    await unset(playground, name);
    await expect(box).toHaveValue('');
    await expect(row).toHaveAttribute('data-state', /unset|problem/);
  }
});

test('a slider writes the number it shows', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint);
  const slider = playground.parameter('temperature').getByRole('slider');
  await expect(slider).toHaveValue('0.7');
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expectSet(playground, 'temperature', 0.71);
  await expect(playground.field('temperature')).toHaveValue('0.71');
  await playground.field('temperature').focus();
  await page.keyboard.press('ArrowDown');
  await expectSet(playground, 'temperature', 0.7);
});

test('texts are written as they are typed', async ({ playground, endpoint }) => {
  await open(playground, endpoint);
  for (const [name, text] of Object.entries(TEXTS)) {
    await playground.parameter(name).getByLabel(name, { exact: true }).fill(text);
    await expectSet(playground, name, text);
    await unset(playground, name);
  }
  await playground.parameter('request_id').getByRole('button', { name: /new UUID/ }).click();
  await expect.poll(() => valueOf(playground, 'request_id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
  await playground.parameter('seed').getByRole('button', { name: 'Draw a seed' }).click();
  await expect.poll(() => valueOf(playground, 'seed')).toBeGreaterThanOrEqual(0);
});

test('lists take an item a box', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint);
  for (const [name, [first, second, value]] of Object.entries(LISTS)) {
    const row = playground.parameter(name);
    await row.getByLabel(`Add to ${name}`).fill(first);
    await page.keyboard.press('Enter');
    await expect(row.getByLabel(`Add to ${name}`)).toBeFocused();
    await page.keyboard.type(second);
    await expectSet(playground, name, value);
    await row.getByRole('button', { name: `Remove 1 from ${name}` }).click();
    await expectSet(playground, name, value.slice(1));
    await unset(playground, name);
  }
  await playground.parameter('stop_token_ids').getByLabel('Add to stop_token_ids').fill('x');
  await expect(playground.parameter('stop_token_ids')).toHaveAttribute('data-state', 'problem');
  await expect(playground.parameter('stop_token_ids').getByLabel('stop_token_ids 1')).toHaveValue('x');
});

test('logit_bias has rows', async ({ playground, endpoint }) => {
  await open(playground, endpoint);
  const row = playground.parameter('logit_bias');
  await row.getByLabel('logit_bias token id 1').fill('15');
  await row.getByLabel('logit_bias bias 1').fill('-100');
  await expectSet(playground, 'logit_bias', { 15: -100 });
  await row.getByLabel('logit_bias token id 2').fill('{"7": 1.5, "8": -2}');
  await expectSet(playground, 'logit_bias', { 7: 1.5, 8: -2 });
  await row.getByLabel('logit_bias bias 1').fill('much');
  await expect(row).toHaveAttribute('data-state', 'problem');
  await expect(row.getByLabel('logit_bias bias 1')).toHaveValue('much');
  await row.getByLabel('logit_bias bias 1').fill('2');
  await row.getByRole('button', { name: 'Remove bias 2 from logit_bias' }).click();
  await expectSet(playground, 'logit_bias', { 7: 2 });
  await unset(playground, 'logit_bias');
});

test('tools are cards, and tool_choice lists them by name', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint);
  const tools = playground.parameter('tools');
  await tools.getByRole('button', { name: 'Add to tools: Blank' }).click();
  await tools.getByLabel('tools 1 name').fill('look_up');
  await tools.getByLabel('tools 1 description').fill('Looks it up.');
  await tools.getByLabel('tools 1 parameters as JSON').fill('{"type": "object"}');
  await tools.getByRole('radio', { name: 'tools 1 strict true' }).check();
  const tool = { name: 'look_up', description: 'Looks it up.', parameters: { type: 'object' }, strict: true };
  await expectSet(playground, 'tools', [{ type: 'function', function: tool }]);
  await tools.getByLabel('tools 1 parameters as JSON').fill('{"type": ');
  await expect(tools).toHaveAttribute('data-state', 'problem');
  await expect(tools.getByText(/line 1, column/i)).toBeVisible();
  await expectSet(playground, 'tools', [{ type: 'function', function: tool }]);
  const choice = page.getByRole('combobox', { name: 'tool_choice' });
  await choice.selectOption('required');
  await expectSet(playground, 'tool_choice', 'required');
  await choice.selectOption('function look_up');
  await expectSet(playground, 'tool_choice', { type: 'function', function: { name: 'look_up' } });
  await unset(playground, 'tool_choice');
  await tools.getByLabel('Edit tools as JSON').check();
  await tools.getByLabel('tools as JSON', { exact: true }).fill('[{"type":"function","function":{"name":"imported"}}]');
  await expectSet(playground, 'tools', [{ type: 'function', function: { name: 'imported' } }]);
  await unset(playground, 'tools');
});

test('structured output, documents and options', async ({ playground, endpoint }) => {
  await open(playground, endpoint);
  const format = playground.parameter('response_format');
  await format.getByLabel('response_format type').selectOption('json_schema');
  await format.getByLabel('response_format name').fill('person');
  await format.getByRole('button', { name: /the example Person/ }).click();
  await expect.poll(async () => (await valueOf(playground, 'response_format')).json_schema.schema.required).toEqual(['name', 'age']);
  expect((await valueOf(playground, 'response_format')).json_schema.name).toBe('person');
  await unset(playground, 'response_format');

  const guide = playground.parameter('guided_json');
  await guide.getByLabel('guided_json as JSON').fill('{"type": "objekt"}');
  await expectSet(playground, 'guided_json', { type: 'objekt' });
  await expect(guide.locator('[data-problem="guided_json"]').filter({ hasText: 'objekt' })).toBeVisible();
  await guide.getByLabel('guided_json as JSON').fill('{');
  await expect(guide).toHaveAttribute('data-state', 'problem');
  await unset(playground, 'guided_json');
  await expect(guide.getByLabel('guided_json as JSON')).toHaveValue('');

  const regex = playground.parameter('guided_regex');
  await regex.getByLabel('guided_regex', { exact: true }).fill('[0-9]+');
  await regex.getByLabel('A text to try guided_regex on').fill('a12b');
  await expect(regex.locator('mark')).toHaveText('12');
  await regex.getByLabel('A text to try guided_regex on').fill('12');
  await expect(regex.getByText('The whole text matches')).toBeVisible();

  const documents = playground.parameter('documents');
  await documents.getByRole('button', { name: 'Add a document' }).click();
  await documents.getByLabel('documents title 1').fill('Hours');
  await documents.getByLabel('documents text 1').fill('Ten to six.');
  await expectSet(playground, 'documents', [{ title: 'Hours', text: 'Ten to six.' }]);
  await unset(playground, 'documents');

  const options = playground.parameter('stream_options');
  await options.getByRole('radio', { name: 'stream_options include_usage true' }).check();
  await expectSet(playground, 'stream_options', { include_usage: true });
  await options.getByRole('radio', { name: 'stream_options include_usage not sent' }).check();
  await expect.poll(() => valueOf(playground, 'stream_options')).toBeUndefined();

  const kwargs = playground.parameter('chat_template_kwargs');
  await kwargs.getByRole('radio', { name: 'chat_template_kwargs enable_thinking false' }).check();
  await expectSet(playground, 'chat_template_kwargs', { enable_thinking: false });
  await kwargs.getByLabel('chat_template_kwargs as JSON').fill('[1]');
  await expect(kwargs).toHaveAttribute('data-state', 'problem');
  await expectSet(playground, 'chat_template_kwargs', { enable_thinking: false });
  await unset(playground, 'chat_template_kwargs');
});

test('what the page shows is what it sends', async ({ playground, endpoint }) => {
  const scenario = await open(playground, endpoint);
  for (const name of ['seed', 'temperature', 'max_tokens']) await playground.field(name).fill(NUMBERS[name]);
  await playground.parameter('stop').getByLabel('Add to stop').fill('\\t');
  const shown = await playground.requestText();
  const { body } = await playground.sendAndFinish(scenario);
  expect(body).toBe(shown);
  expect(body).toContain('9223372036854775807');
});

test('problems are told beside the row, counted above Send, and mended by a click', async ({ page, playground, endpoint }) => {
  const { base } = scenarioOf(endpoint);
  await playground.open(plainLink({ base, body: { ...BASE_BODY, top_logprobs: 3 }, dialect: 'vllm-0.8' }));
  const row = playground.parameter('top_logprobs');
  await expect(page.getByRole('combobox', { name: 'Server' })).toHaveValue('vllm-0.8');
  await expect(row).toHaveAttribute('data-state', 'problem');
  await expect(row.locator('[data-problem="top_logprobs"][data-severity="error"]')).toBeVisible();
  const count = page.getByRole('button', { name: '1 error', exact: true });
  await count.click();
  await expect(row).toBeInViewport();
  await expect(row.locator(':focus')).toHaveCount(1);
  await row.getByRole('button', { name: 'Switch logprobs on' }).click();
  await expectSet(playground, 'logprobs', true);
  await expect(row).toHaveAttribute('data-state', 'set');
  await expect(count).toHaveCount(0);
});

test('another server takes other parameters', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, { ...BASE_BODY, guided_choice: ['a', 'b'] });
  await page.getByRole('combobox', { name: 'Server' }).selectOption('vllm-0.12');
  const row = playground.parameter('guided_choice');
  await expect(row).toContainText('structured_outputs.choice in vLLM 0.12');
  await row.locator('[data-problem="guided_choice"]').getByRole('button').first().click();
  await expect.poll(() => valueOf(playground, 'structured_outputs')).toEqual({ choice: ['a', 'b'] });
});

test('search finds by meaning, and set rows can be shown alone', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, { ...BASE_BODY, top_k: 3 });
  await page.getByRole('searchbox', { name: 'Search parameters' }).fill('make it less repetitive');
  await expect(playground.parameter('frequency_penalty')).toBeVisible();
  await expect(playground.parameter('chat_template')).toBeHidden();
  await page.getByRole('searchbox').fill('zzqqxx');
  await expect(page.getByText('No parameter fits “zzqqxx”.')).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await page.getByLabel('Only set').check();
  await expect(playground.parameter('top_k')).toBeVisible();
  await expect(playground.parameter('temperature')).toBeHidden();
});

test('a folded group tells what is set', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, { ...BASE_BODY, temperature: 0.2, top_p: 0.9 });
  await page.getByText('Sampling', { exact: true }).click();
  await expect(playground.parameter('temperature')).toBeHidden();
  await expect(page.getByText('temperature 0.2 · top_p 0.9')).toBeVisible();
});

test('undo and redo, by button and by key', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint);
  const undo = page.getByRole('button', { name: 'Undo', exact: true });
  await playground.field('temperature').fill('0.5');
  await playground.parameter('logprobs').getByRole('radio', { name: 'logprobs true' }).check();
  await expectSet(playground, 'logprobs', true);
  // The radio has the focus: no text field.
  await page.keyboard.press('Control+z');
  await expect.poll(() => valueOf(playground, 'logprobs')).toBeUndefined();
  await undo.click();
  await expect.poll(() => valueOf(playground, 'temperature')).toBeUndefined();
  await expect(playground.field('temperature')).toHaveValue('');
  await page.keyboard.press('Control+Shift+z');
  await expectSet(playground, 'temperature', 0.5);
});

test('presets replace the request, and own ones are kept', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint);
  await page.locator('summary', { hasText: 'Presets' }).click();
  await page.getByRole('button', { name: 'Deterministic' }).click();
  await expectSet(playground, 'temperature', 0);
  expect(await valueOf(playground, 'messages')).toEqual(BASE_BODY.messages);
  await page.getByLabel('Name of the new preset').fill('Mine');
  await page.getByRole('button', { name: 'Save this request' }).click();
  await unset(playground, 'temperature');
  await page.reload();
  await playground.ready();
  await page.locator('summary', { hasText: 'Presets' }).click();
  await page.getByRole('button', { name: 'Apply Mine' }).click();
  await expectSet(playground, 'temperature', 0);
  await page.getByLabel('presets as JSON, to import').fill('[{"name": "Given", "body": {"top_k": 7}}]');
  await page.getByRole('button', { name: 'Import presets', exact: true }).click();
  await page.getByRole('button', { name: 'Apply Given' }).click();
  await expectSet(playground, 'top_k', 7);
  await page.getByRole('button', { name: 'Delete Mine' }).click();
  await expect(page.getByRole('button', { name: 'Apply Mine' })).toHaveCount(0);
});

test('keys that nobody documents are kept, edited and removed', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, { ...BASE_BODY, own: { a: 1 } });
  const area = page.getByLabel('own as JSON');
  await area.fill('{"a": 2.50}');
  await expect.poll(() => playground.requestText()).toContain('2.50');
  await area.fill('{"a": ');
  await expect(page.locator('[data-problem="own"][data-severity="error"]')).toBeVisible();
  await expect(area).toHaveValue('{"a": ');
  expect(await valueOf(playground, 'own')).toEqual({ a: 2.5 });
  await page.getByRole('button', { name: 'Remove own' }).click();
  await expect.poll(() => valueOf(playground, 'own')).toBeUndefined();
  await page.getByLabel('Name of another key').fill('cache_salt');
  await page.keyboard.press('Enter');
  await page.getByLabel('cache_salt as JSON').fill('"x"');
  await expect.poll(() => valueOf(playground, 'cache_salt')).toBe('x');
});

test('the keyboard alone sets and unsets', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint);
  await playground.field('top_p').focus();
  await page.keyboard.type('0.5');
  await expectSet(playground, 'top_p', 0.5);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => valueOf(playground, 'top_p')).toBeUndefined();
  await page.keyboard.press('Tab');
  const about = playground.parameter('top_p').getByRole('button', { name: 'About top_p' });
  await about.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nucleus sampling')).toBeVisible();
  await playground.parameter('echo').getByRole('radio', { name: 'echo not sent' }).focus();
  await page.keyboard.press('ArrowRight');
  await expectSet(playground, 'echo', true);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1600]) {
    test.describe(`${colorScheme} ${width}`, () => {
      test.use({ colorScheme, viewport: { width, height: 1000 } });

      test('axe finds nothing in a form with all kinds of values and problems', async ({ page, playground, endpoint }) => {
        const tool = { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } };
        await open(playground, endpoint, {
          ...BASE_BODY, top_logprobs: 3, stop: ['a'], logit_bias: { 5: 1 }, tools: [tool], temperature: 0.2,
          response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'x' } } },
          documents: [{ title: 't', text: 'x' }], guided_regex: '(', own: 1, length_penalty: 2,
        });
        await playground.field('top_p').fill('nonsense');
        await playground.parameter('n').getByRole('button', { name: 'About n' }).click();
        await page.locator('summary', { hasText: 'Presets' }).click();
        expect(await axeFindings(page)).toEqual([]);
        const crossed = await page.evaluate(() =>
          [...document.querySelectorAll('[data-parameter] [type="range"] + [aria-hidden]')].flatMap((marks) => {
            const boxes = [...marks.children].map((mark) => mark.getBoundingClientRect()).sort((a, b) => a.x - b.x);
            const cross = boxes.some((box, at) => at > 0 && box.left < boxes[at - 1].right);
            return cross ? [marks.closest('[data-parameter]').dataset.parameter] : [];
          }),
        );
        expect(crossed, 'marks of sliders that lie over each other').toEqual([]);
      });
    });
  }
}

test('a key press with 200 messages paints in time', { tag: '@alone' }, async ({ page, playground, endpoint }) => {
  test.setTimeout(120_000);
  await open(playground, endpoint, { model: 'tiny', messages: LONG_CONVERSATION });
  await page.evaluate(watchPresses);
  await playground.field('top_p').focus();
  await press(page, '1', 5);
  const took = await press(page, '1', 40);
  const line = words('a parameter with 200 messages', took);
  test.info().annotations.push({ type: 'key press', description: line });
  console.log(line);
  // All that the main thread does for a press, whatever else the machine is busy with.
  expect(took.cpu95).toBeLessThan(16);
});
