// A plain link brings a request and never sends it; a damaged one says so and changes nothing.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO, plainLink } from './playground.mjs';

const OTHER = { model: 'other', messages: [{ role: 'user', content: 'Something else' }], temperature: 0.5 };

const requestOf = async (playground) => JSON.parse(await playground.requestText());

test('a link replaces the request and sends nothing', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario, OTHER);
  await expect(playground.base).toHaveValue(scenario.base);
  expect(await requestOf(playground)).toEqual(OTHER);
  await page.waitForTimeout(800);
  expect(scenario.calls).toHaveLength(0);
  expect(await playground.state()).toBe('idle');
});

test('following a link while the page is open does the same', async ({ page, playground, endpoint }) => {
  const first = endpoint.scenario(make.recording('max_tokens_stream'));
  const second = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(first, HELLO);
  await playground.followFor(second, OTHER);
  await expect.poll(() => requestOf(playground)).toEqual(OTHER);
  // Followed once more after an edit, the same link brings its request back.
  await playground.base.fill(first.base);
  await playground.followFor(second, OTHER);
  await page.waitForTimeout(500);
  expect([...first.calls, ...second.calls]).toEqual([]);
});

test('a link without a base keeps the base that stands', async ({ playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario, HELLO);
  await playground.follow(plainLink({ body: OTHER }));
  await expect.poll(() => requestOf(playground)).toEqual(OTHER);
  await expect(playground.base).toHaveValue(scenario.base);
});

test('the request is kept for the next visit', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario, OTHER);
  await page.goto('about:blank');
  await playground.open();
  await expect(playground.base).toHaveValue(scenario.base);
  expect(await requestOf(playground)).toEqual(OTHER);
});

test('every dialect that links may name is taken', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario, HELLO);
  const dialects = ['vllm-0.6', 'vllm-0.7', 'vllm-0.8', 'vllm-0.12', 'openai', 'llama.cpp', 'sglang', 'unknown'];
  for (const [at, dialect] of dialects.entries()) {
    const body = { ...OTHER, seed: at };
    await playground.follow(plainLink({ base: scenario.base, body, dialect }));
    await expect.poll(() => requestOf(playground), dialect).toEqual(body);
  }
  await expect(page.getByText(/cannot be opened/i)).toHaveCount(0);
});

const body = encodeURIComponent(JSON.stringify(OTHER));

const DAMAGED = {
  'percent-encoding that is cut off': [`#base=http%3A%2F%2Fevil.example%2&body=${body}`, /percent-encoding/i],
  'bytes that are no text': ['#body=%7B%22a%22%3A%22%ff%22%7D', /percent-encoding/i],
  'a body that is no JSON': [`#base=http%3A%2F%2Fevil.example&body=${encodeURIComponent('{"model": nope}')}`, /line 1, column \d+/i],
  'a body that is cut off': [`#body=${body.slice(0, -9)}`, /line 1, column \d+/i],
  'a body that is a list': ['#body=%5B1%2C2%5D', /object/i],
  'a body that is a number': ['#body=12', /object/i],
  'an unknown dialect': [`#body=${body}&dialect=gpt`, /gpt/],
};

for (const [what, [fragment, words]] of Object.entries(DAMAGED)) {
  for (const how of ['opening', 'following']) {
    test(`${how} a link with ${what} says so and changes nothing`, async ({ page, playground, endpoint }) => {
      const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
      await playground.openFor(scenario, HELLO);
      const before = await playground.requestText();
      if (how === 'following') {
        await playground.follow(fragment);
      } else {
        await page.goto('about:blank');
        await playground.open(fragment);
      }
      const notice = page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: /link/i });
      await expect(notice.filter({ hasText: words }).first()).toBeVisible();
      await expect(playground.base).toHaveValue(scenario.base);
      expect(await playground.requestText()).toBe(before);
      expect(scenario.calls).toHaveLength(0);
    });
  }
}

test('a fragment that is no link is left alone', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario, HELLO);
  await playground.follow('#somewhere');
  await expect(playground.base).toHaveValue(scenario.base);
  expect(await requestOf(playground)).toEqual(HELLO);
  await expect(page.getByText(/cannot be opened/i)).toHaveCount(0);
});
