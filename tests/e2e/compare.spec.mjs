// Runs held against each other: requests, answers, figures, and the token where they part.

import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO } from './playground.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' });
const entry = (token, logprob, others = []) => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
  top_logprobs: [[token, logprob], ...others].map(([text, at]) => ({ token: text, logprob: at, bytes: [...Buffer.from(text)] })),
});

/** A whole answer of tokens. */
const answer = (tokens) =>
  make.json({
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'tiny',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: tokens.map(({ token }) => token).join('') },
        logprobs: { content: tokens },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: tokens.length, total_tokens: 3 + tokens.length },
  });

const FOX = [entry('A', -0.1), entry(' fox', -0.5, [[' cat', -1.5]]), entry(' ran', -0.2), entry('.', -0.1)];
const CAT = [entry('A', -0.2), entry(' cat', -0.7, [[' dog', -2]]), entry(' ran', -0.3), entry('.', -0.1)];

async function compareTwo({ page, playground, endpoint }) {
  const scenario = endpoint.scenario([answer(FOX), answer(CAT)]);
  const body = { ...HELLO, stream: false, logprobs: true, top_logprobs: 2 };
  await playground.openFor(scenario, { ...body, temperature: 0.2 });
  await playground.sendAndFinish(scenario);
  await playground.followFor(scenario, { ...body, temperature: 0.9, seed: 7 });
  await playground.sendAndFinish(scenario);
  await button(page, 'History').click();
  // The older one first, so that it is A.
  const boxes = page.getByRole('checkbox', { name: /^Choose .* to compare$/ });
  await expect(boxes).toHaveCount(2);
  await boxes.last().check();
  await expect(page.getByText('Choose another run to compare with.')).toBeVisible();
  await boxes.first().check();
  await button(page, 'Compare 2 runs').click();
  await expect(page.locator('[data-comparison="2"]')).toBeVisible();
}

test('two runs are compared by request, figure, word, token and probability', async ({ page, playground, endpoint }) => {
  await compareTwo({ page, playground, endpoint });
  const cells = async (name) => page.locator(`[data-difference="${name}"] td`).allTextContents();
  expect(await cells('temperature')).toEqual(['0.2', '0.9']);
  expect(await cells('seed')).toEqual(['not set', '7']);
  expect(await page.locator('[data-difference]').count()).toBe(2);
  expect(await page.locator('[data-figure="completion tokens"] td').allTextContents()).toEqual(['4', '4']);

  const side = (which) => page.locator(`[data-side="${which}"]`);
  for (const byToken of [false, true]) {
    await page.getByLabel('By token').setChecked(byToken);
    await expect(side('first')).toHaveText('A fox ran.');
    await expect(side('second')).toHaveText('A cat ran.');
    expect((await side('first').locator('del').allTextContents()).map((text) => text.trim())).toEqual(['fox']);
    expect((await side('second').locator('ins').allTextContents()).map((text) => text.trim())).toEqual(['cat']);
  }

  await expect(page.locator('[data-common="1"]')).toContainText(Math.exp(-0.2).toFixed(4));
  await expect(page.locator('[data-parting="1"]')).toContainText('They part at token 1');
  await expect(page.locator('[data-took="A"]')).toContainText(`p = ${Math.exp(-1.5).toFixed(4)}`);
  await expect(page.locator('[data-took="B"]')).toContainText('not among the alternatives');

  await button(page, 'Back to the list').click();
  await expect(page.locator('[data-run]')).toHaveCount(2);
});

test('choices of one run are compared, with their reasoning and their calls', async ({ page, playground, endpoint }) => {
  const call = (city) => ({ id: 'c', type: 'function', function: { name: 'weather', arguments: JSON.stringify({ city }) } });
  const choice = (index, tokens, more) => ({
    index,
    message: { role: 'assistant', content: tokens.map(({ token }) => token).join(''), ...more },
    logprobs: { content: tokens },
    finish_reason: index ? 'tool_calls' : 'stop',
  });
  const choices = [
    choice(0, FOX, { reasoning_content: 'A fox is fast.' }),
    choice(1, CAT, { reasoning_content: 'A cat is fast.', tool_calls: [call('Rome')] }),
    choice(2, FOX, { tool_calls: [call('Oslo')] }),
  ];
  const scenario = endpoint.scenario(make.json({ object: 'chat.completion', choices }));
  await playground.openFor(scenario, { ...HELLO, stream: false, logprobs: true, top_logprobs: 2, n: 3 });
  await playground.sendAndFinish(scenario);
  await button(page, 'History').click();
  await page.getByRole('checkbox', { name: /^Choose .* to compare$/ }).check();
  await button(page, 'Compare its 3 choices').click();
  const differing = (side, of, mark) => page.locator(`[data-side="${side}"][data-of="${of}"] ${mark}`).allTextContents();
  expect(await differing('first', 'reasoning', 'del')).toEqual(['fox']);
  expect(await differing('second', 'content', 'ins')).toEqual(['cat']);
  expect((await differing('second', 'tool_calls', 'ins')).join('')).toContain('Rome');
  await expect(page.locator('[data-parting="1"]')).toBeVisible();
  // The third choice against the first: the same tokens, other calls.
  await page.getByLabel('Choice of B').selectOption('choice 2');
  await expect(page.locator('[data-parting="4"]')).toContainText('the same 4 tokens');
  expect((await differing('second', 'tool_calls', 'ins')).join('')).toContain('Oslo');
  await expect(page.locator('[data-side="second"][data-of="reasoning"]')).toHaveText('none');
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1600]) {
    test.describe(`${colorScheme} ${width}`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('axe finds nothing in a comparison', async ({ page, playground, endpoint }) => {
        await compareTwo({ page, playground, endpoint });
        expect(await axeFindings(page)).toEqual([]);
      });
    });
  }
}
