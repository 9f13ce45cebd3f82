// What comes after an answer: carrying it on in the request, asking again, taking it away.

import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';
import { HELLO } from './playground.mjs';
import { delta, say, streamOf } from './streams.mjs';

const messages = async (playground) => JSON.parse(await playground.requestText()).messages;

test('an answer becomes a message, once, and undo takes it back', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(say('Hello.'));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await page.getByRole('button', { name: 'Append to messages' }).click();
  await expect(page.getByText('Appended as message 2.')).toBeVisible();
  expect(await messages(playground)).toEqual([...HELLO.messages, { role: 'assistant', content: 'Hello.' }]);
  await page.getByRole('button', { name: 'Append to messages' }).click();
  await expect(page.getByText('end with this already')).toBeVisible();
  expect(await messages(playground)).toHaveLength(2);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  expect(await messages(playground)).toEqual(HELLO.messages);
});

test('a cut answer is continued where it stopped', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario([say('One ', { finish: 'length' }), say('two', { finish: 'stop' })]);
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByText('Send continues it.')).toBeVisible();
  await playground.sendAndFinish(scenario);
  const sent = JSON.parse(scenario.calls[1].body);
  expect(sent.messages).toEqual([...HELLO.messages, { role: 'assistant', content: 'One ' }]);
  expect(sent).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
  await page.getByRole('button', { name: 'Append to messages' }).click();
  expect(await messages(playground)).toEqual([...HELLO.messages, { role: 'assistant', content: 'One two' }]);
});

const TOOLS = [
  { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } },
];
const piece = (index, parts) => delta({ tool_calls: [{ index, ...parts }] });

test('calls stream in, are checked, and are answered with their results', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(
    streamOf([
      piece(0, { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } }),
      piece(1, { function: { name: 'weather', arguments: '{"city"' } }),
      piece(0, { function: { arguments: '{"ci' } }),
      piece(1, { function: { arguments: ':5}' } }),
      piece(0, { function: { arguments: 'ty":"Ulm"}' } }),
      piece(2, { id: 'call_c', function: { name: 'rain', arguments: '{"ci' } }),
      delta({}, { finish: 'tool_calls' }),
    ]),
  );
  await playground.openFor(scenario, { ...HELLO, tools: TOOLS });
  await playground.sendAndFinish(scenario);
  const calls = page.locator('[data-part="tool_calls"] > section');
  await expect(calls).toHaveCount(3);
  await expect(calls.nth(0).locator('details')).toContainText('"city": "Ulm"');
  await expect(calls.nth(0).locator('[data-fault]')).toHaveCount(0);
  await expect(calls.nth(1).locator('[data-fault]')).toHaveText([/sent no id/, /^\$\.city: /]);
  await expect(calls.nth(2).locator('[data-fault]')).toHaveText([/no tool named rain/, /no JSON/]);
  const received = calls.nth(0).locator('[data-part="arguments"]');
  await expect(received).toHaveText('{"city":"Ulm"}');
  await expect(received).toBeHidden();
  await calls.nth(0).getByRole('button', { name: 'As received' }).click();
  await expect(received).toBeVisible();
  await expect(calls.nth(0).locator('details')).toHaveCount(0);

  await calls.nth(0).getByLabel('Result of weather').fill('4 °C');
  await page.getByRole('button', { name: 'Append calls and results' }).click();
  await expect(page.getByText('Appended as messages 2 to 5.')).toBeVisible();
  const [, assistant, ...results] = await messages(playground);
  expect(assistant.tool_calls.map(({ id, function: { arguments: text } }) => [id, text])).toEqual([
    ['call_a', '{"city":"Ulm"}'],
    ['call_1', '{"city":5}'],
    ['call_c', '{"ci'],
  ]);
  expect(results.map((result) => [result.role, result.tool_call_id, result.content])).toEqual([
    ['tool', 'call_a', '4 °C'],
    ['tool', 'call_1', ''],
    ['tool', 'call_c', ''],
  ]);
});

test('regenerating sends the request of the answer again, whatever was changed since', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario([say('one'), say('two')]);
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await page.getByRole('button', { name: 'Append to messages' }).click();
  const regenerate = page.getByRole('button', { name: 'Regenerate' });
  await regenerate.press('Enter');
  await expect(playground.content()).toHaveText('two');
  await expect(regenerate).toBeFocused();
  await playground.reaches('done');
  expect(JSON.parse(scenario.calls[1].body)).toEqual(JSON.parse(scenario.calls[0].body));
  await expect(page.getByText('Undo brings your changes back.')).toBeVisible();
  expect(await messages(playground)).toEqual(HELLO.messages);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  expect(await messages(playground)).toHaveLength(2);
});

test('an answer is taken away as JSON, as text, and as the bytes that came', async ({ page, playground, endpoint }) => {
  const answer = say('naïve 🙂\n', { parts: {} });
  const scenario = endpoint.scenario(answer);
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return [download.suggestedFilename(), await readFile(await download.path())];
  };
  const [jsonName, json] = await saved('Save the answer as JSON');
  expect(jsonName).toMatch(/^tiny-\d{8}-\d{6}-answer\.json$/);
  expect(JSON.parse(json).choices[0].message.content).toBe('naïve 🙂\n');
  expect((await saved('Save the text of the answer'))[1].toString()).toBe('naïve 🙂\n');
  const [rawName, raw] = await saved('Save the raw bytes as they came');
  expect(rawName).toMatch(/\.sse$/);
  expect(raw.equals(answer.body)).toBe(true);
});

test('the keyboard alone reads, folds and carries on', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(streamOf([delta({ reasoning: 'why' }), delta({ content: '# Hi' }), delta({}, { finish: 'stop' })]));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await page.getByRole('button', { name: 'Raw', exact: true }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Hi' })).toBeVisible();
  const reach = async (name) => {
    for (let press = 0; press < 20; press += 1) {
      await page.keyboard.press('Tab');
      const now = await page.evaluate(() => document.activeElement.textContent);
      if (now.includes(name)) return;
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await reach('Reasoning');
  await page.keyboard.press('Enter');
  await expect(playground.choice().locator('[data-part="reasoning"]')).toBeVisible();
  await reach('Append to messages');
  await page.keyboard.press('Space');
  expect(await messages(playground)).toHaveLength(2);
});
