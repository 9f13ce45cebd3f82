// The body and its two faces: the JSON editor and the controls edit one object.

import { LONG_CONVERSATION, press, watchPresses, words } from '../bench/presses.mjs';
import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO } from './playground.mjs';

const scenarioOf = (endpoint) => endpoint.scenario(make.recording('max_tokens_stream'));

test('text in the editor is the request', async ({ playground, endpoint }) => {
  const scenario = scenarioOf(endpoint);
  await playground.openFor(scenario);
  await playground.showJson();
  await playground.json.fill('{"model": "typed", "messages": [], "x": 1.50}');
  await expect(playground.field('model')).toHaveValue('typed');
  const { body } = await playground.sendAndFinish(scenario);
  expect(JSON.parse(body)).toEqual({ model: 'typed', messages: [], x: 1.5 });
  expect(body).toContain('1.50');
});

test('invalid text says where, cannot be sent, and loses nothing', async ({ page, playground, endpoint }) => {
  const scenario = scenarioOf(endpoint);
  await playground.openFor(scenario);
  await playground.showJson();
  const broken = '{\n  "model": "later",\n  "messages": [oops]\n}';
  await playground.json.fill(broken);
  await expect(page.getByText(/line 3, column 16/i).first()).toBeVisible();
  await expect(playground.json).toHaveAttribute('aria-invalid', 'true');
  // The last valid state stands in the form.
  await expect(playground.field('model')).toHaveValue(HELLO.model);
  // Sending says why it cannot.
  await page.keyboard.press('Control+Enter');
  await expect(playground.send).toHaveAccessibleDescription(/not valid JSON/i);
  expect(await playground.state()).toBe('idle');
  expect(scenario.received).toHaveLength(0);
  // Nothing that was typed is lost.
  await expect(playground.json).toHaveValue(broken);
  await playground.json.fill(broken.replace('[oops]', '[]'));
  await expect(playground.json).not.toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText(/line 3, column/i)).toHaveCount(0);
  const { body } = await playground.sendAndFinish(scenario);
  expect(JSON.parse(body)).toEqual({ model: 'later', messages: [] });
});

for (const [what, text, words] of [
  ['nothing', '', /empty|object/i],
  ['a list', '[1, 2]', /object/i],
  ['a trailing comma', '{"model": "m",}', /line 1, column 1\d/i],
  ['a text that never ends', '{"model": "m', /line 1, column 1\d/i],
]) {
  test(`the editor tells of ${what}`, async ({ page, playground, endpoint }) => {
    const scenario = scenarioOf(endpoint);
    await playground.openFor(scenario);
    await playground.showJson();
    await playground.json.fill(text);
    await expect(page.getByText(words).filter({ visible: true }).first()).toBeVisible();
    await page.keyboard.press('Control+Enter');
    await expect(playground.json).toHaveValue(text);
    expect(scenario.received).toHaveLength(0);
    await expect(playground.field('model')).toHaveValue(HELLO.model);
  });
}

test('an edit by key press keeps the caret where it is', async ({ page, playground, endpoint }) => {
  await playground.openFor(scenarioOf(endpoint), { model: 'abcdef', messages: [] });
  await playground.showJson();
  const at = (await playground.json.inputValue()).indexOf('def');
  await playground.json.focus();
  await playground.json.evaluate((area, place) => area.setSelectionRange(place, place), at);
  await page.keyboard.type('XYZ');
  await expect(playground.field('model')).toHaveValue('abcXYZdef');
  expect(await playground.json.evaluate((area) => area.selectionStart)).toBe(at + 3);
});

test('the controls edit the body and leave the rest alone', async ({ playground, endpoint }) => {
  const scenario = scenarioOf(endpoint);
  const body = '{"extra":1.0,"model":"tiny","messages":[{"role":"user","content":"Hi","name":"me"}],"stream":true,"last":2e0}';
  await playground.openFor(scenario, body);
  await playground.field('model').fill('another model');
  const message = playground.parameter('messages').getByRole('textbox').first();
  await expect(message).toHaveValue('Hi');
  await message.fill('Line one\n“two” \\ 漢');
  await playground.parameter('stream').getByRole('radio', { name: 'false' }).check();
  const sent = (await playground.sendAndFinish(scenario)).body;
  expect(Object.keys(JSON.parse(sent))).toEqual(['extra', 'model', 'messages', 'stream', 'last']);
  expect(JSON.parse(sent)).toEqual({
    extra: 1,
    model: 'another model',
    messages: [{ role: 'user', content: 'Line one\n“two” \\ 漢', name: 'me' }],
    stream: false,
    last: 2,
  });
  expect(sent).toMatch(/1\.0/);
  expect(sent).toMatch(/2e0/);
});

test('the rows of the parameters tell whether they are set', async ({ playground, endpoint }) => {
  await playground.openFor(scenarioOf(endpoint), { messages: [{ role: 'user', content: 'Hi' }] });
  await expect(playground.parameter('messages')).toHaveAttribute('data-state', 'set');
  await expect(playground.parameter('model')).toHaveAttribute('data-state', 'unset');
  await playground.field('model').fill('tiny');
  await expect(playground.parameter('model')).toHaveAttribute('data-state', 'set');
  expect(JSON.parse(await playground.requestText())).toMatchObject({ model: 'tiny' });
});

test('typing into a message does not move the caret', async ({ page, playground, endpoint }) => {
  await playground.openFor(scenarioOf(endpoint), HELLO);
  const message = playground.parameter('messages').getByRole('textbox').first();
  await message.fill('one three');
  await message.evaluate((area) => area.setSelectionRange(4, 4));
  await page.keyboard.type('two ');
  await expect(message).toHaveValue('one two three');
  expect(JSON.parse(await playground.requestText()).messages[0].content).toBe('one two three');
});

test('a key press in a long body paints in time, and brackets follow in the pause', { tag: '@alone' }, async ({ page, playground, endpoint }) => {
  test.setTimeout(120_000);
  await playground.openFor(scenarioOf(endpoint), { model: 'tiny', messages: LONG_CONVERSATION });
  await playground.showJson();
  await playground.json.focus();
  // Between two messages in the middle, at a bracket.
  await playground.json.evaluate((area) => {
    const at = area.value.indexOf('{', area.value.length / 2) + 1;
    area.setSelectionRange(at, at);
  });
  await page.evaluate(watchPresses);
  await press(page, ' ', 5);
  const took = await press(page, ' ', 20);
  const line = words('a body of 40 kB', took);
  test.info().annotations.push({ type: 'key press', description: line });
  console.log(line);
  expect(took.cpu).toBeLessThan(25);
  await page.keyboard.press('ArrowLeft');
  for (let at = 1; at < 25; at += 1) await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('{ closes at line')).toBeVisible();
});
