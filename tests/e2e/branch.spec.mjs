// Going on from another token: the request that it makes, the family that it leaves in the history, and the
// servers that have no prefill.

import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO, plainLink } from './playground.mjs';

const BODY = {
  messages: [{ role: 'user', content: 'What does temperature do?' }],
  stream: true,
  temperature: 0,
  max_tokens: 12,
  logprobs: true,
  top_logprobs: 4,
};

const token = (page, index) => page.locator(`#inspect-tokens [data-token="${index}"]`).first();
const button = (page, name) => page.getByRole('button', { name, exact: true });
const family = (page) => page.locator('[data-family]');
const members = (page) => family(page).locator('[data-member]');

/** A whole answer of tokens, each with another that could have come. */
function answer(tokens) {
  const entry = (token, logprob) => ({ token, logprob, bytes: [...Buffer.from(token)] });
  const content = tokens.map(([came, other]) => ({
    ...entry(came, -0.1),
    top_logprobs: [entry(came, -0.1), entry(other, -2.5)],
  }));
  const message = { role: 'assistant', content: tokens.map(([came]) => came).join('') };
  return make.json({ choices: [{ index: 0, message, logprobs: { content }, finish_reason: 'stop' }] });
}

const TEA = answer([['I', 'We'], [' like', ' want'], [' tea', ' it']]);

/** Opens the token at a place and goes on from the likeliest other. */
async function branchAt(page, playground, scenario, place, says = 'Go on from there') {
  const calls = scenario.calls.length;
  await token(page, place).click();
  await button(page, says).click();
  const call = await scenario.call(calls);
  await playground.reaches('done');
  return JSON.parse(call.body);
}

test('a branch begins as the answer did, takes the other token, and runs on', async ({ page, playground }) => {
  await playground.open(plainLink({ base: 'builtin', body: BODY }));
  await page.getByLabel('Pace of the built-in model').selectOption({ index: 2 });
  await playground.send.click();
  await playground.reaches('done');
  const before = await playground.content().textContent();
  await token(page, 2).click();
  const choice = page.getByLabel('Token to go on from');
  const taken = await choice.evaluate((select) => select.selectedOptions[0].textContent);
  expect(taken).not.toContain('(came)');
  await button(page, 'Go on from there').click();
  await expect.poll(async () => JSON.parse(await playground.requestText()).messages.length).toBe(2);
  await playground.reaches('done');
  const asked = JSON.parse(await playground.requestText());
  expect(asked).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
  const given = asked.messages[1];
  expect(given.role).toBe('assistant');
  expect(before.startsWith(given.content)).toBe(false);
  await expect(playground.content()).not.toHaveText('');
  await expect(playground.choice().locator('[data-part="given"]')).toHaveText(given.content);
  await expect(members(page)).toHaveCount(2);
});

test('branches are a tree that is kept, walked, compared, and outlives its runs', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario([
    TEA,
    answer([[' some', ' more'], [' cake', ' pie']]),
    answer([[' jam', ' tea']]),
    answer([[' all', ' do']]),
  ]);
  await playground.openFor(scenario, { ...HELLO, logprobs: true, top_logprobs: 2 });
  await playground.sendAndFinish(scenario);
  await expect(family(page)).toHaveCount(0);
  const first = await branchAt(page, playground, scenario, 1);
  expect(first.messages.at(-1)).toEqual({ role: 'assistant', content: 'I want' });
  // The whole text in one: what was given, then what came.
  const whole = playground.choice().locator('[data-goes-on]');
  await expect(whole).toHaveText('I want some cake');
  await expect(whole.locator('[data-part="given"]')).toHaveText('I want');
  await expect(playground.content()).toHaveText(' some cake');
  const second = await branchAt(page, playground, scenario, 0);
  expect(second.messages.at(-1).content).toBe('I want more');
  await expect(members(page)).toHaveCount(3);

  // Back to the original by keys alone, and another branch from there.
  await members(page).last().locator('button').focus();
  await page.keyboard.press('Home');
  await expect(members(page).first().locator('button')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(members(page).first()).toHaveAttribute('data-current', '');
  await expect(playground.content()).toHaveText('I like tea');
  await branchAt(page, playground, scenario, 0);
  // What a run answered is there once it is kept.
  const rows = () => members(page).evaluateAll((all) => all.map((row) => `${row.getAttribute('aria-level')} ${row.textContent}`));
  const tree = [/^1 original.*I like tea/, /^2 token 0.*We.*p 0\.0821.*all/, /^2 token 1.*want.*p 0\.0821.*some cake/, /^3 token 0.*more.*jam/];
  await expect(members(page)).toHaveCount(tree.length);
  for (const [at, row] of tree.entries()) await expect.poll(async () => (await rows())[at]).toMatch(row);

  // A branch and what it parted from.
  await button(page, 'Compare with its parent').click();
  await expect(page.locator('[data-parting="0"]')).toContainText('They part at token 0');
  await button(page, 'Close the history').click();
  for (const at of [0, 3]) await members(page).nth(at).getByRole('checkbox').check();
  await button(page, 'Compare 2 runs').click();
  await expect(page.locator('[data-side="first"]')).toHaveText('I like tea');
  await expect(page.locator('[data-side="second"]')).toHaveText('I want more jam');
  await expect(page.locator('[data-parting="1"]')).toContainText('They part at token 1');
  await expect(page.locator('[data-took="A"]')).toContainText('to “·want”, which B was given, it gave: p = 0.0821');
  await expect(page.locator('[data-took="B"]')).toContainText('B was given “·want”');
  expect(await axeFindings(page)).toEqual([]);

  // Over a reload, and with the runs above it gone.
  await page.reload();
  await playground.ready();
  await button(page, 'History').click();
  const history = page.locator('[data-run]');
  await expect(history).toHaveCount(4);
  for (const left of [3, 2]) {
    await history.filter({ hasText: left === 3 ? 'I like tea' : 'some cake' }).getByRole('button', { name: /^Delete / }).click();
    await expect(history).toHaveCount(left);
  }
  await history.filter({ hasText: 'jam' }).locator('[data-position]').click();
  await expect(playground.content()).toHaveText(' jam');
  await expect(members(page)).toHaveCount(4);
  for (const at of [0, 2]) await expect(members(page).nth(at)).toContainText('not in the history');
  await expect(members(page).last()).toHaveAttribute('data-current', '');
  await members(page).nth(1).locator('button').click();
  await expect(playground.content()).toHaveText(' all');
});

test('a server without prefill is told of, and asked with a message instead', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario([TEA, answer([['Do', 'So']])]);
  await playground.open(plainLink({ base: scenario.base, body: { ...BODY, model: 'tiny' }, dialect: 'openai' }));
  await playground.sendAndFinish(scenario);
  await token(page, 1).click();
  await expect(page.locator('#inspect-tokens')).toContainText('OpenAI cannot continue a message');
  await token(page, 1).click();
  const asked = await branchAt(page, playground, scenario, 1, 'Ask with this beginning');
  expect(asked.messages.at(-1)).toEqual({ role: 'assistant', content: 'I want' });
  expect(asked.continue_final_message).toBeUndefined();
  await expect(members(page).last()).toContainText('as a message');
  await expect(playground.choice().locator('[data-part="given"]')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1600]) {
    test.describe(`${colorScheme} ${width}`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('axe finds nothing in a family', async ({ page, playground, endpoint }) => {
        const scenario = endpoint.scenario([TEA, answer([[' some', ' more']])]);
        await playground.openFor(scenario, { ...HELLO, logprobs: true, top_logprobs: 2 });
        await playground.sendAndFinish(scenario);
        if (width < 900) await playground.pane('Inspect').click();
        await branchAt(page, playground, scenario, 1);
        await expect(members(page)).toHaveCount(2);
        await members(page).first().getByRole('checkbox').check();
        expect(await axeFindings(page)).toEqual([]);
      });
    });
  }
}
