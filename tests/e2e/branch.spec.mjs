// Going on from another token: the request that it makes, with the built-in endpoint and with a server
// that has no prefill.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const BODY = {
  messages: [{ role: 'user', content: 'What does temperature do?' }],
  stream: true,
  temperature: 0,
  max_tokens: 12,
  logprobs: true,
  top_logprobs: 4,
};

const token = (page, index) => page.locator(`#inspect-tokens [data-token="${index}"]`).first();

test('a branch begins as the answer did, takes the other token, and runs on', async ({ page, playground }) => {
  await playground.open(plainLink({ base: 'builtin', body: BODY }));
  await page.getByLabel('Pace').selectOption({ index: 2 }).catch(() => {});
  await playground.send.click();
  await playground.reaches('done');
  const before = await playground.content().textContent();
  await token(page, 2).click();
  const choice = page.getByLabel('Token to go on from');
  const taken = await choice.evaluate((select) => select.selectedOptions[0].textContent);
  expect(taken).not.toContain('(came)');
  await page.getByRole('button', { name: 'Go on from there' }).click();
  await expect.poll(async () => JSON.parse(await playground.requestText()).messages.length).toBe(2);
  await playground.reaches('done');
  const asked = JSON.parse(await playground.requestText());
  expect(asked).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
  const given = asked.messages[1];
  expect(given.role).toBe('assistant');
  expect(before.startsWith(given.content)).toBe(false);
  await expect(playground.content()).not.toHaveText('');
});

test('a server without prefill is told of, and asked with a message instead', async ({ page, playground, endpoint }) => {
  const entry = (token, logprob) => ({ token, logprob, bytes: [...Buffer.from(token)] });
  const content = [['I', 'We'], [' like', ' want'], [' tea', ' it']].map(([came, other]) => ({
    ...entry(came, -0.1),
    top_logprobs: [entry(came, -0.1), entry(other, -2.5)],
  }));
  const message = { role: 'assistant', content: 'I like tea' };
  const scenario = endpoint.scenario(make.json({ choices: [{ index: 0, message, logprobs: { content }, finish_reason: 'stop' }] }));
  await playground.open(plainLink({ base: scenario.base, body: { ...BODY, model: 'tiny' }, dialect: 'openai' }));
  await playground.sendAndFinish(scenario);
  await token(page, 1).click();
  await expect(page.locator('#inspect-tokens')).toContainText('This server cannot continue a message');
  await page.getByRole('button', { name: 'Ask with this beginning' }).click();
  const call = await scenario.call(1);
  const asked = JSON.parse(call.body);
  expect(asked.messages.at(-1)).toEqual({ role: 'assistant', content: 'I want' });
  expect(asked.continue_final_message).toBeUndefined();
});
