// Usage and time: every member as it came, live where the server counts during the stream, estimates
// marked as such, the share of the context, the cost, the times and the gaps.

import * as make from '../endpoint/answers.mjs';
import { loadRecording } from '../endpoint/recordings.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO } from './playground.mjs';
import { gate, steps } from './streams.mjs';

const usage = (page, name) => page.locator(`[data-usage="${name}"]`);
const metric = (page, name) => page.locator(`[data-metric="${name}"]`);
const value = async (page, name) => Number(await metric(page, name).getAttribute('data-value'));
const panel = (page) => page.getByRole('group', { name: 'Usage and time' });

const event = (parts) => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', ...parts })}\n\n`;
const text = (content, index = 0, parts = {}) =>
  event({ choices: [{ index, delta: { content }, finish_reason: null }], ...parts });
const DONE = 'data: [DONE]\n\n';

test('every member of usage is shown as it came, whatever its type', async ({ page, playground, endpoint }) => {
  const counted = {
    prompt_tokens: 1200,
    completion_tokens: 34,
    total_tokens: 1234,
    prompt_tokens_details: { cached_tokens: 1000, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 20, accepted_prediction_tokens: 3, rejected_prediction_tokens: 1 },
    cost: 0.00051,
    service: { tier: 'flex', queue_ms: 12 },
  };
  const body = text('Hi') + event({ choices: [], usage: counted }) + DONE;
  const scenario = endpoint.scenario(make.stream(body));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  for (const [name, shown] of Object.entries({
    prompt_tokens: '1200',
    completion_tokens: '34',
    total_tokens: '1234',
    'prompt_tokens_details.cached_tokens': '1000',
    'prompt_tokens_details.audio_tokens': '0',
    'completion_tokens_details.reasoning_tokens': '20',
    'completion_tokens_details.accepted_prediction_tokens': '3',
    'completion_tokens_details.rejected_prediction_tokens': '1',
    cost: '0.00051',
    'service.tier': '"flex"',
    'service.queue_ms': '12',
  })) {
    await expect(usage(page, name)).toHaveAttribute('data-value', shown);
  }
  await expect(usage(page, 'prompt_tokens')).toHaveText('1,200');
  await expect(metric(page, 'completion_tokens_estimate')).toHaveCount(0);
});

test('members with the same path, and usage that comes in parts, are all there', async ({ page, playground, endpoint }) => {
  const body =
    event({ choices: [], usage: { prompt_tokens: 5, 'a.b': 1 } }) +
    text('Hi') +
    event({ choices: [], usage: { completion_tokens: 1, a: { b: 2 } } }) +
    DONE;
  const scenario = endpoint.scenario(make.stream(body));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await expect(usage(page, 'prompt_tokens')).toHaveAttribute('data-value', '5');
  await expect(usage(page, 'completion_tokens')).toHaveAttribute('data-value', '1');
  await expect(usage(page, 'a.b')).toHaveText(['1', '2']);
  // One event with text is a stream as any.
  expect(await value(page, 'ttft')).toBeGreaterThan(0);
});

test('continuous usage counts while the answer streams, and each choice by itself', async ({ page, playground, endpoint }) => {
  const count = (completion_tokens) => ({ usage: { prompt_tokens: 5, completion_tokens, total_tokens: 5 + completion_tokens } });
  const one = endpoint.scenario(make.stopped(make.stream(text('a', 0, count(1)) + text('b', 0, count(2))), 'hang', 1e6));
  await playground.openFor(one);
  await playground.send.click();
  await expect(usage(page, 'completion_tokens')).toHaveAttribute('data-value', '2');
  expect(await playground.state()).toBe('streaming');
  await playground.stop.click();

  const both = text('a', 0, count(1)) + text('b', 1, count(3));
  const more = endpoint.scenario(make.stopped(make.stream(both), 'hang', 1e6));
  await playground.followFor(more, { ...HELLO, n: 2 });
  await playground.send.click();
  // The sum comes at the end; until then it is that of the choices, and no estimate.
  await expect(metric(page, 'completion_tokens')).toHaveAttribute('data-value', '4');
  await expect(metric(page, 'completion_tokens_estimate')).toHaveCount(0);
  await playground.stop.click();

  const two = endpoint.scenario(
    make.stream(
      text('a', 0, count(1)) +
        text('b', 1, count(3)) +
        event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 } }) +
        DONE,
    ),
  );
  await playground.followFor(two);
  await playground.sendAndFinish(two);
  await expect(usage(page, 'completion_tokens')).toHaveAttribute('data-value', '4');
  await expect(page.locator('[data-choice-usage="0"]')).toHaveAttribute('data-value', '1');
  await expect(page.locator('[data-choice-usage="1"]')).toHaveAttribute('data-value', '3');
});

test('where the server counts nothing, what was counted here says so', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.stream(text('a') + text('b') + text('c') + DONE));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await expect(metric(page, 'completion_tokens_estimate')).toHaveAttribute('data-value', '3');
  await expect(metric(page, 'completion_tokens_estimate')).toHaveText('≈ 3');
  await expect(panel(page)).toContainText('an estimate');
  await expect(panel(page)).toContainText('stream_options.include_usage');
});

test('the share of the context, once the endpoint told of its models', async ({ page, playground, endpoint }) => {
  const models = make.models([{ id: 'tiny', max_model_len: 2000 }]);
  const counted = { prompt_tokens: 90, completion_tokens: 10, total_tokens: 100 };
  const scenario = endpoint.scenario(make.stream(text('a') + event({ choices: [], usage: counted }) + DONE), { models });
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await expect(metric(page, 'context_share')).toHaveCount(0);
  await playground.parameter('model').getByRole('combobox').click();
  await expect(metric(page, 'context_share')).toHaveAttribute('data-value', '0.05');
  await expect(metric(page, 'context_share')).toContainText('100 of 2,000 tokens');
});

test('a long value leaves the names of the others whole', async ({ page, playground, endpoint }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const counted = { completion_tokens_details: { accepted_prediction_tokens: 3 }, fingerprint: 'f'.repeat(300) };
  const scenario = endpoint.scenario(make.stream(text('a') + event({ choices: [], usage: counted }) + DONE));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await playground.pane('Inspect').click();
  const name = panel(page).getByRole('rowheader', { name: 'completion_tokens_details.accepted_prediction_tokens' });
  const lines = await name.evaluate((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  });
  expect(lines, 'it breaks at the dot alone').toBe(2);
});

test('prices are typed for a model, kept for it, and make the cost', async ({ page, playground, endpoint }) => {
  const counted = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500, prompt_tokens_details: { cached_tokens: 400 } };
  const scenario = endpoint.scenario(make.stream(text('a') + event({ choices: [], usage: counted }) + DONE));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await expect(metric(page, 'cost')).toHaveCount(0);
  await panel(page).getByLabel('Input', { exact: true }).fill('2');
  await panel(page).getByLabel('Cached input').fill('0,5');
  await expect(panel(page)).toContainText('no price yet');
  await panel(page).getByLabel('Output').fill('8');
  await expect.poll(() => value(page, 'cost')).toBeCloseTo(0.0012 + 0.0002 + 0.004, 9);
  // A price that cannot be read is kept as typed, and it is said which one counts.
  const input = panel(page).getByLabel('Input', { exact: true });
  await input.fill('2x');
  await expect(panel(page).getByRole('alert')).toContainText('the price before it counts: 2.');
  await expect(input).toHaveValue('2x');
  await input.fill('2');
  await expect(panel(page).getByRole('alert')).toHaveCount(0);
  expect(await value(page, 'cost_cached_input')).toBeCloseTo(0.0002, 9);
  await panel(page).getByLabel('Output').fill('much');
  await expect(panel(page).getByRole('alert')).toContainText('A price is a number');

  await page.reload();
  await playground.ready();
  await playground.send.click();
  await playground.reaches('done');
  await expect(panel(page).getByLabel('Cached input')).toHaveValue('0.5');
  await expect.poll(() => value(page, 'cost')).toBeCloseTo(0.0054, 9);
  // Another model has prices of its own.
  await playground.followFor(scenario, { model: 'other', messages: [], stream: true });
  await playground.send.click();
  await expect(panel(page)).toContainText('Prices of other');
  await expect(panel(page).getByLabel('Input', { exact: true })).toHaveValue('');
  await expect(metric(page, 'cost')).toHaveCount(0);
});

test('times, gaps and what streaming gave', async ({ page, playground, endpoint }) => {
  const recording = loadRecording('story_long_stream');
  const scenario = endpoint.scenario(make.recording(recording.name, { chunk: 500, delay: 25 }));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await playground.reaches('done');
  const order = ['headers_ms', 'first_byte_ms', 'first_text_ms', 'last_text_ms', 'end_ms'];
  const times = await Promise.all(order.map((name) => value(page, name)));
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(times[0]).toBeGreaterThan(0);
  // The story has more than twenty pieces, and a busy page may read the first of them late.
  expect(times[3] - times[2]).toBeGreaterThan(10 * 25);
  expect(await value(page, 'first_text_ms')).toBe(await value(page, 'ttft'));

  const gaps = await Promise.all(['gap_p50', 'gap_p90', 'gap_p95', 'gap_p99', 'gap_max'].map((name) => value(page, name)));
  expect(gaps).toEqual([...gaps].sort((one, other) => one - other));
  expect(gaps.at(-1)).toBeGreaterThan(15);
  expect(gaps.at(-1)).toBeLessThan(times[4]);
  await expect(page.getByRole('img', { name: /^Plot of \d+ gaps/ })).toBeVisible();

  await expect(panel(page)).toContainText('Waiting for the whole answer would have taken');
  const lead = await value(page, 'lead_ms');
  expect(lead).toBeGreaterThan(0);
  expect(lead).toBeLessThan(times[4] - times[2] + 1);
  expect(await axeFindings(page)).toEqual([]);
});

test('the time in reasoning', async ({ page, playground, endpoint }) => {
  const thought = (words) => event({ choices: [{ index: 0, delta: { reasoning_content: words } }] });
  const [one, two] = [gate(), gate()];
  const scenario = endpoint.scenario(steps([thought('Hm'), one.wait, thought('so'), two.wait, text('Hi')]));
  await playground.openFor(scenario);
  await playground.send.click();
  const thoughts = playground.choice().locator('[data-part="reasoning"]');
  await expect(thoughts).toHaveText('Hm', { useInnerText: false });
  await page.waitForTimeout(100);
  one.open();
  await expect(thoughts).toHaveText('Hmso', { useInnerText: false });
  two.open();
  await playground.reaches('done');
  await expect.poll(() => value(page, 'reasoning_ms')).toBeGreaterThan(90);
  const took = await value(page, 'reasoning_ms');
  expect(took).toBeLessThan((await value(page, 'end_ms')) - (await value(page, 'first_text_ms')));
  await expect(panel(page)).toContainText('in reasoning');
});

test('a whole answer has no gaps and nothing to compare', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  await playground.openFor(scenario, { model: 'tiny', messages: [] });
  await playground.sendAndFinish(scenario);
  await expect(panel(page)).toContainText('a whole answer has none');
  await expect(metric(page, 'lead_ms')).toHaveCount(0);
});
