// Starting and stopping: by button, by key, and by leaving. Stopping closes the socket.

import * as make from '../endpoint/answers.mjs';
import { loadRecording } from '../endpoint/recordings.mjs';
import { bytesOfEvents } from '../endpoint/variants.mjs';
import { expect, test } from './fixtures.mjs';
import { expectedOf } from './naive.mjs';

const STORY = loadRecording('story_long_stream');
const KEPT = bytesOfEvents(STORY.body, 10);
const TEXT = expectedOf({ ...STORY, body: STORY.body.subarray(0, KEPT) }).choices[0].content;

/** A run that has shown ten events and waits for more. */
async function midStream({ playground, endpoint }) {
  const scenario = endpoint.scenario(make.stopped(make.recording(STORY.name), 'hang', KEPT));
  await playground.openFor(scenario);
  await playground.send.click();
  const call = await scenario.call();
  await expect(playground.content()).toHaveText(TEXT);
  expect(call.hungUpAt).toBeUndefined();
  return call;
}

async function expectStopped(playground, call) {
  await call.hungUp();
  await playground.reaches('stopped');
  expect(await playground.content().textContent()).toBe(TEXT);
  await expect(playground.error).toHaveCount(0);
  await expect(playground.send).toBeVisible();
}

test('Stop closes the socket and keeps what arrived', async ({ playground, endpoint }) => {
  const call = await midStream({ playground, endpoint });
  await playground.stop.click();
  await expectStopped(playground, call);
});

test('Escape does the same, wherever the focus is', async ({ page, playground, endpoint }) => {
  const call = await midStream({ playground, endpoint });
  await playground.base.focus();
  await page.keyboard.press('Escape');
  await expectStopped(playground, call);
});

for (const after of ['nothing', 'head']) {
  test(`Stop works while it hangs after ${after}`, async ({ playground, endpoint }) => {
    const scenario = endpoint.scenario(make.stopped(make.recording(STORY.name), 'hang', after));
    await playground.openFor(scenario);
    await playground.send.click();
    const call = await scenario.call();
    await playground.stop.click();
    await call.hungUp();
    await playground.reaches('stopped');
  });
}

for (const [where, focus] of [
  ['the body of the page', (playground) => playground.page.evaluate(() => document.activeElement?.blur())],
  ['a field', (playground) => playground.base.focus()],
]) {
  test(`Ctrl+Enter sends from ${where}, once`, async ({ page, playground, endpoint }) => {
    const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
    await playground.openFor(scenario);
    await focus(playground);
    await page.keyboard.press('Control+Enter');
    await scenario.call();
    await playground.reaches('done');
    await page.waitForTimeout(300);
    expect(scenario.calls).toHaveLength(1);
  });
}

test('leaving the page closes the socket', async ({ page, playground, endpoint }) => {
  const call = await midStream({ playground, endpoint });
  await page.goto('about:blank');
  await call.hungUp();
});

test('closing the tab closes the socket', async ({ page, playground, endpoint }) => {
  const call = await midStream({ playground, endpoint });
  await page.close();
  await call.hungUp();
});

test('after a stop the next run starts clean', async ({ playground, endpoint }) => {
  const call = await midStream({ playground, endpoint });
  await playground.stop.click();
  await expectStopped(playground, call);
  const recording = loadRecording('n2_stream');
  const next = endpoint.scenario(make.recording(recording.name));
  await playground.followFor(next, recording.request.body);
  await playground.sendAndFinish(next);
  const shown = await playground.shown();
  expect(shown.state).toBe('done');
  expect(shown.choices[0].content).toBe(expectedOf(recording).choices[0].content);
  expect(shown.choices[1].content).toBe(expectedOf(recording).choices[1].content);
});
