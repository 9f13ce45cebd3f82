// The preview of the prompt: what each starter makes of a conversation, live, with errors at their
// line, in a worker that loads when it is first needed.

import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const MESSAGES = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hi' },
];
const BODY = { model: 'tiny', messages: MESSAGES };

const PROMPTS = {
  ChatML: '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
  'Llama 3':
    '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>'
    + '<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  Mistral: '<s>[INST] Be brief.\n\nHi[/INST]',
  Gemma: '<bos><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\n',
};

const isOfWorker = (url) => /\/(start-)?(worker|templates)/.test(new URL(url).pathname);

/** The row, its preview, and the files of the worker that were asked for. */
async function open({ page, playground, endpoint }, body = BODY) {
  const files = [];
  page.on('request', (request) => isOfWorker(request.url()) && files.push(new URL(request.url()).pathname));
  await playground.openFor(endpoint.scenario(make.recording('basic')), body);
  const row = playground.parameter('chat_template');
  return {
    row,
    files,
    summary: row.getByText('Preview of the prompt'),
    prompt: row.locator('[data-prompt]'),
    problem: row.locator('[data-problem="chat_template"]'),
    template: row.getByLabel('chat_template', { exact: true }),
  };
}

/** Fails unless the preview shows exactly this prompt. */
const expectPrompt = (preview, text) => expect.poll(() => preview.prompt.textContent()).toBe(text);

test('both workers are loaded when the preview is first opened, and once', async ({ page, playground, endpoint }) => {
  const preview = await open({ page, playground, endpoint });
  await page.waitForLoadState('networkidle');
  expect(preview.files).toEqual([]);
  await preview.summary.click();
  await expectPrompt(preview, PROMPTS.ChatML);
  const files = (worker) => [`/start-${worker}.js`, `/${worker}.js`, `/${worker}_bg.wasm`];
  expect(preview.files.sort()).toEqual([...files('worker'), ...files('templates')].sort());
  await preview.summary.click();
  await preview.summary.click();
  await preview.template.fill('{{ messages | length }}');
  await expectPrompt(preview, '2');
  expect(preview.files).toHaveLength(6);
});

test('each starter makes the prompt of its model', async ({ page, playground, endpoint }) => {
  const preview = await open({ page, playground, endpoint });
  await preview.summary.click();
  for (const [name, prompt] of Object.entries(PROMPTS)) {
    await preview.row.getByRole('button', { name: `Begin chat_template with ${name}`, exact: true }).click();
    await expectPrompt(preview, prompt);
    await expect(preview.row.getByText(`${prompt.length} characters`)).toBeVisible();
    const marks = await preview.prompt.locator('mark').allTextContents();
    expect(marks.join(' ')).toBe(prompt.match(/<[^>]+>|\[\/?INST\]/g).join(' '));
    await preview.row.getByRole('button', { name: 'Unset chat_template', exact: true }).click();
    await expect(preview.row.getByText('this is ChatML')).toBeVisible();
  }
});

test('it follows the request', async ({ page, playground, endpoint }) => {
  const preview = await open({ page, playground, endpoint });
  await preview.summary.click();
  await expectPrompt(preview, PROMPTS.ChatML);
  await playground.parameter('add_generation_prompt').getByRole('radio', { name: 'add_generation_prompt false' }).check();
  await expectPrompt(preview, PROMPTS.ChatML.replace('<|im_start|>assistant\n', ''));
  await preview.template.fill('{{ enable_thinking is defined }} {{ enable_thinking }}');
  await expectPrompt(preview, 'False ');
  const thinking = (says) =>
    playground.parameter('chat_template_kwargs').getByRole('radio', { name: `chat_template_kwargs enable_thinking ${says}` });
  for (const [says, shown, sent] of [
    ['true', 'True True', { enable_thinking: true }],
    ['false', 'True False', { enable_thinking: false }],
    ['not sent', 'False ', undefined],
  ]) {
    await thinking(says).check();
    await expectPrompt(preview, shown);
    expect(JSON.parse(await playground.requestText()).chat_template_kwargs).toEqual(sent);
  }
  await playground.showJson();
  const body = {
    ...BODY, documents: [{ title: 'D' }], tools: [{ type: 'function', function: { name: 'f' } }],
    chat_template: '{{ documents[0].title }} {{ tools[0].function | tojson }}',
  };
  await playground.json.fill(JSON.stringify(body));
  await expectPrompt(preview, 'D {"name": "f", "description": null, "parameters": null}');
});

test('whitespace is shown on demand, by keyboard', async ({ page, playground, endpoint }) => {
  const preview = await open({ page, playground, endpoint });
  await preview.summary.focus();
  await page.keyboard.press('Enter');
  await expectPrompt(preview, PROMPTS.ChatML);
  const toggle = preview.row.getByLabel('Show whitespace');
  await toggle.focus();
  await page.keyboard.press('Space');
  await expect(toggle).toBeFocused();
  await expectPrompt(preview, PROMPTS.ChatML.replaceAll(' ', '·').replaceAll('\n', '⏎\n'));
});

test('a template that fails is told with its line, and mended live', async ({ page, playground, endpoint }) => {
  const preview = await open({ page, playground, endpoint });
  await preview.summary.click();
  await preview.template.fill('one\n{% if %}');
  await expect(preview.problem).toContainText('Line 2 is not valid Jinja');
  await expect(preview.problem).toHaveAttribute('data-severity', 'warning');
  await expect(preview.prompt).toBeHidden();
  await preview.template.fill('one\n\n{{ raise_exception("No " + messages[1].role + " here") }}');
  await expect(preview.problem).toContainText('at line 3: No user here');
  // What is refused here can be sent all the same.
  await expect(playground.send).toBeEnabled();
  await preview.template.fill('one');
  await expectPrompt(preview, 'one');
  await expect(preview.problem).toHaveCount(0);
});

test('what does not end, ends', async ({ page, playground, endpoint }) => {
  const preview = await open({ page, playground, endpoint });
  await preview.summary.click();
  const loop = '{% for b in range(99999) %}';
  for (const [template, words] of [
    [`{% for a in range(99999) %}\n${loop}{% endfor %}{% endfor %}`, 'a loop that does not end'],
    [`${loop}{{ "twenty letters or so" }}{% endfor %}`, 'longer than'],
    ['{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', 'recursion'],
    [`{{ ${'('.repeat(20_000)}`, 'Line 1'],
  ]) {
    await preview.template.fill(template);
    await expect(preview.row).toContainText(words);
  }
  await preview.template.fill('well');
  await expectPrompt(preview, 'well');
});

test('an engine that cannot be loaded is told, and the built-in endpoint works on without it', async ({ page, playground, watch }) => {
  await page.route('**/templates_bg.wasm*', (route) => route.fulfill({ status: 404, body: 'none' }));
  const messages = [{ role: 'user', content: 'Hi' }];
  await playground.open(plainLink({ base: 'builtin', body: { messages, chat_template: '{{ messages[0].content }}' } }));
  await playground.send.click();
  await expect(playground.error).toContainText('did not start');
  await playground.follow(plainLink({ base: 'builtin', body: { messages } }));
  await playground.send.click();
  await playground.reaches('done');
  watch.takeFaults();
});

test('a worker that cannot start is told, and the page works on', async ({ page, playground, endpoint }) => {
  await page.route('**/worker_bg.wasm*', (route) => route.fulfill({ status: 404, body: 'none' }));
  const preview = await open({ page, playground, endpoint });
  await preview.summary.click();
  await expect(preview.problem).toContainText('could not start the page\'s worker');
  await page.unroute('**/worker_bg.wasm*');
  await page.route('**/start-worker.js*', (route) => route.fulfill({ status: 404, body: 'none' }));
  await preview.template.fill('a');
  await expect(preview.problem).toContainText('could not start the page\'s worker');
  await playground.send.click();
  await playground.reaches('done');
  // The next question starts another.
  await page.unroute('**/start-worker.js*');
  await preview.template.fill('b');
  await expectPrompt(preview, 'b');
});

test('axe-core finds nothing in it', async ({ page, playground, endpoint }) => {
  const preview = await open({ page, playground, endpoint });
  await preview.summary.click();
  await expectPrompt(preview, PROMPTS.ChatML);
  for (const scheme of ['light', 'dark']) {
    // The colours of a switch change slowly, and one between two has no contrast.
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    expect(await axeFindings(page), scheme).toEqual([]);
  }
});
