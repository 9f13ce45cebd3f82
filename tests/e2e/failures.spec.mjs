// Each way to fail has a message of its own, and what arrived before stays.

import { setTimeout as sleep } from 'node:timers/promises';
import * as make from '../endpoint/answers.mjs';
import { closedBase } from '../endpoint/endpoint.mjs';
import { loadRecording } from '../endpoint/recordings.mjs';
import { bytesOfEvents, errorAfter } from '../endpoint/variants.mjs';
import { expect, test } from './fixtures.mjs';
import { expectedOf } from './naive.mjs';
import { HELLO, plainLink } from './playground.mjs';

const STORY = make.recording('story_long_stream');
const KEPT = bytesOfEvents(STORY.body, 10);
const textOf = (body) => expectedOf({ ...loadRecording('story_long_stream'), body }).choices[0].content;
const TEXT = textOf(STORY.body.subarray(0, KEPT));

/** Sends to a scenario and expects a failure; `words` all occur in its message. */
async function expectFailure(playground, scenario, code, words) {
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await expectMessage(playground, code, words);
}

async function expectMessage(playground, code, words) {
  await playground.reaches('failed');
  await expect(playground.error).toHaveCount(1);
  await expect(playground.error).toBeVisible();
  await expect(playground.error).toHaveAttribute('data-error', code);
  for (const word of words) await expect(playground.error).toContainText(word);
}

test('a wrong key at vLLM looks like no network: the message names the key, CORS and a check', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'), { key: 'right' });
  await playground.openFor(scenario);
  await playground.key.fill('sk-quite-wrong');
  await playground.send.click();
  await scenario.call();
  await expectMessage(playground, 'network', [/key/i, /CORS/, '--allowed-origins', 'curl', scenario.base]);
  await expect(playground.error).not.toContainText('sk-quite-wrong');
  // With the right key it works, and the message is gone.
  await playground.key.fill('right');
  await playground.sendAndFinish(scenario);
  await playground.reaches('done');
  await expect(page.locator('[data-error]')).toHaveCount(0);
});

test('a refused preflight', async ({ playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'), { preflight: 'refuse' });
  await playground.openFor(scenario);
  await playground.send.click();
  await expectMessage(playground, 'network', [/CORS/, '--allowed-origins', 'curl']);
  expect(scenario.calls).toHaveLength(0);
  expect(scenario.received.map(({ method }) => method)).toContain('OPTIONS');
});

test('a closed port', async ({ playground, watch }) => {
  const base = await closedBase();
  watch.allow(base);
  await playground.open(plainLink({ base }));
  await playground.send.click();
  await expectMessage(playground, 'network', [/listening|running|refused/i, new URL(base).host, 'curl']);
});

test('a connection that closes before any answer', async ({ playground, endpoint }) => {
  await expectFailure(playground, endpoint.scenario(make.stopped(STORY, 'cut', 'nothing')), 'network', ['curl']);
});

test('a redirect is not followed, and is called one', async ({ playground, endpoint, otherEndpoint }) => {
  const target = otherEndpoint.scenario(make.recording('basic'));
  const scenario = endpoint.scenario(make.redirect(`${target.base}/chat/completions`));
  await playground.openFor(scenario);
  await playground.key.fill('sk-first');
  await playground.sendAndFinish(scenario);
  await expectMessage(playground, 'network', [/redirect/i]);
  expect(target.received).toHaveLength(0);
});

for (const after of ['nothing', 'head']) {
  test(`the first byte timeout ends a hang after ${after}`, async ({ playground, endpoint }) => {
    const scenario = endpoint.scenario(make.stopped(STORY, 'hang', after));
    await playground.openFor(scenario);
    await playground.setFirstByteTimeout(1);
    await playground.send.click();
    const call = await scenario.call();
    await expectMessage(playground, 'network', [/1 s/, /first byte|no byte/i, /timeout/i]);
    await call.hungUp();
    expect(call.hungUpAt - call.receivedAt).toBeGreaterThan(700);
  });
}

test('the first byte timeout ends a preflight that hangs', async ({ playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'), { preflight: 'hang' });
  await playground.openFor(scenario);
  await playground.setFirstByteTimeout(1);
  await playground.send.click();
  // The socket is no sign here: Chromium lets a preflight run on by itself.
  await expectMessage(playground, 'network', [/1 s/, /timeout/i]);
  expect(scenario.calls).toHaveLength(0);
});

test('the first byte timeout is over once a byte came', async ({ playground, endpoint }) => {
  const scenario = endpoint.scenario(make.stopped(STORY, 'hang', KEPT));
  await playground.openFor(scenario);
  await playground.setFirstByteTimeout(1);
  await playground.send.click();
  await expect(playground.content()).toHaveText(TEXT);
  await sleep(1500);
  expect(await playground.state()).toBe('streaming');
  expect(scenario.calls[0].hungUpAt).toBeUndefined();
});

test('without a timeout it waits', async ({ playground, endpoint }) => {
  const scenario = endpoint.scenario(make.stopped(STORY, 'hang', 'nothing'));
  await playground.openFor(scenario);
  await playground.send.click();
  await scenario.call();
  await sleep(3000);
  expect(await playground.state()).toBe('sending');
});

test('a stream that is cut keeps its text', async ({ playground, endpoint }) => {
  await expectFailure(playground, endpoint.scenario(make.stopped(STORY, 'cut', KEPT, 400)), 'stream', [/broke|cut|closed/i]);
  expect(await playground.content().textContent()).toBe(TEXT);
});

test('a stream that is cut with its last bytes', async ({ playground, endpoint }) => {
  // A browser may drop what came together with the cut, so nothing is said of the text.
  await expectFailure(playground, endpoint.scenario(make.stopped(STORY, 'cut', KEPT)), 'stream', [/broke|cut|closed/i]);
});

test('a stream cut inside an event keeps the events before', async ({ playground, endpoint }) => {
  await expectFailure(playground, endpoint.scenario(make.stopped(STORY, 'cut', KEPT + 40, 400)), 'stream', [/broke|cut|closed/i]);
  expect(await playground.content().textContent()).toBe(TEXT);
});

test('a stream that ends without [DONE] is told apart from one that was cut', async ({ playground, endpoint }) => {
  await expectFailure(playground, endpoint.scenario(make.stopped(STORY, 'end', KEPT)), 'stream', ['[DONE]']);
  expect(await playground.content().textContent()).toBe(TEXT);
});

test('an error event in mid-stream shows the server’s words and keeps the text', async ({ playground, endpoint }) => {
  const body = errorAfter(STORY.body, 10, { object: 'error', message: 'The engine tripped.', code: 500 });
  await expectFailure(playground, endpoint.scenario(make.stream(body)), 'stream', ['The engine tripped.']);
  expect(await playground.content().textContent()).toBe(TEXT);
});

test('an answer that is cut before its end', async ({ playground, endpoint }) => {
  const whole = make.recording('basic');
  await expectFailure(playground, endpoint.scenario(make.stopped(whole, 'cut', 100)), 'stream', [/broke|cut|closed/i]);
});

for (const [what, script] of [
  ['text that calls itself JSON', make.text('Hello there', 'application/json')],
  ['a web page with status 200', make.text('<!doctype html><title>Welcome</title>', 'text/html')],
  ['an empty body', make.text('', 'application/json')],
  ['half of a JSON document', make.stopped(make.recording('basic'), 'end', 100)],
  ['JSON of another kind', make.json(['a', 'b'])],
  ['an event that is no JSON', make.stream('data: {"choices": oops}\n\ndata: [DONE]\n\n')],
]) {
  test(`a body that is no chat completion: ${what}`, async ({ playground, endpoint }) => {
    await expectFailure(playground, endpoint.scenario(script), 'parse', [/no (chat completion|JSON)|not (a chat completion|JSON)/i]);
  });
}

for (const [what, script, code, words] of [
  ['404 of the router', make.notFound(), '404', ['Not Found', /path/]],
  ['422 of FastAPI', make.unprocessable(), '422', ['Field required', 'messages']],
  ['500 with a web page', make.htmlError(), '500', ['500', 'Upstream fault']],
  ['502 with a web page', make.htmlError(502), '502', ['502', /gateway/i]],
  ['500 with nothing', make.emptyError(), '500', ['500', /log|without/i]],
  ['401 that can be read', { ...make.unauthorized(), cors: true }, '401', ['Unauthorized', /key/i]],
  ['429 nested as OpenAI does', make.json({ error: { message: 'Slow down.', type: 'rate_limit' } }, { status: 429 }), '429', ['Slow down.']],
]) {
  test(`status ${what}`, async ({ playground, endpoint }) => {
    await expectFailure(playground, endpoint.scenario(script), code, words);
  });
}

test('a web page of an error is shown as text, never as a page', async ({ page, playground, endpoint }) => {
  const hostile = '<h1>Fault</h1><img src="x" onerror="window.__hit = 1"><script>window.__hit = 1</script>';
  await expectFailure(playground, endpoint.scenario(make.text(hostile, 'text/html', { status: 500 })), '500', []);
  expect(await page.evaluate(() => window.__hit)).toBeUndefined();
  await expect(playground.error.locator('img, script')).toHaveCount(0);
});

test('text of the model is never markup', async ({ page, playground, endpoint }) => {
  const text = '<img src=x onerror="window.__hit=1"><b>bold</b>';
  const chunk = JSON.stringify({ choices: [{ index: 0, delta: { content: text }, finish_reason: 'stop' }] });
  const scenario = endpoint.scenario(make.stream(`data: ${chunk}\n\ndata: [DONE]\n\n`));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  expect(await playground.content().textContent()).toBe(text);
  expect(await page.evaluate(() => window.__hit)).toBeUndefined();
});

test('a failure is over with the next run', async ({ playground, endpoint }) => {
  const scenario = endpoint.scenario([make.htmlError(), make.recording('story_long_stream')]);
  await playground.openFor(scenario, HELLO);
  await playground.sendAndFinish(scenario);
  await playground.reaches('failed');
  await playground.send.click();
  await scenario.call(1);
  await playground.reaches('done');
  await expect(playground.error).toHaveCount(0);
});
