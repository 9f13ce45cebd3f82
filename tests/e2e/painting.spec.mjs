// An answer that streams fast: nothing lost, no long frame, and a hidden tab loses nothing either.

import * as make from '../endpoint/answers.mjs';
import { loadRecording } from '../endpoint/recordings.mjs';
import { bytesOfEvents } from '../endpoint/variants.mjs';
import { expect, test } from './fixtures.mjs';
import { expectedOf } from './naive.mjs';

// The goal is 50 ms on an idle machine. On a busy one with two cores a frame can be late for reasons
// of others, so the best of a few tries counts, and it has room.
const LONGEST_FRAME_MS = 500;
const TRIES = 3;

/** Notes down every frame that took longer than 50 ms, and the longest pause between two frames. */
function watchFrames() {
  window.__frames = { long: [], longestPause: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.__frames.long.push({
        duration: entry.duration,
        ours: entry.scripts.reduce((sum, script) => sum + script.duration, 0),
      });
    }
  }).observe({ type: 'long-animation-frame' });
  let last = performance.now();
  const tick = (now) => {
    window.__frames.longestPause = Math.max(window.__frames.longestPause, now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

/** Streams the load once, and measures. Whatever the times, the text must be whole. */
async function measure({ page, playground, endpoint }) {
  const load = make.synthetic({ tokens: 6000, perSecond: 2000, alternatives: 20 });
  const scenario = endpoint.scenario(load);
  await playground.openFor(scenario, { model: 'synthetic', messages: [], stream: true, logprobs: true, top_logprobs: 20 });
  await page.evaluate(watchFrames);
  await playground.sendAndFinish(scenario, 30_000);
  await playground.reaches('done');
  expect(await playground.content().textContent()).toBe(load.expected);
  const { long, longestPause } = await page.evaluate(() => window.__frames);
  const [call] = scenario.calls;
  return {
    longest: Math.max(0, ...long.map(({ duration }) => duration)),
    ours: Math.max(0, ...long.map((frame) => frame.ours)),
    late: long.length,
    longestPause,
    // How long the endpoint needed to hand it all over: 3 s, unless the page held it up.
    written: call.finishedAt - call.receivedAt,
  };
}

test('2,000 tokens a second with 20 alternatives each, for 3 seconds', { tag: '@alone' }, async ({ page, playground, endpoint }) => {
  test.setTimeout(120_000);
  let best;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (best !== undefined && best.longest < LONGEST_FRAME_MS) break;
    const now = await measure({ page, playground, endpoint });
    const line =
      `longest frame ${now.longest.toFixed(0)} ms, of it our scripts ${now.ours.toFixed(0)} ms; ` +
      `${now.late} frames over 50 ms; longest pause ${now.longestPause.toFixed(0)} ms; ` +
      `the endpoint wrote for ${now.written.toFixed(0)} ms`;
    test.info().annotations.push({ type: 'frames', description: line });
    console.log(line);
    if (best === undefined || now.longest < best.longest) best = now;
  }
  expect(best.longest).toBeLessThan(LONGEST_FRAME_MS);
  expect(best.written).toBeLessThan(9000);
});

test.describe('a hidden tab, which gets no animation frames', () => {
  test.beforeEach(({ page }) =>
    page.addInitScript(() => {
      window.requestAnimationFrame = () => 1;
    }),
  );

  test('shows the whole answer at its end', async ({ playground, endpoint }) => {
    const recording = loadRecording('story_long_stream');
    const scenario = endpoint.scenario(make.recording(recording.name, { chunk: 100, delay: 2 }));
    await playground.openFor(scenario);
    await playground.sendAndFinish(scenario);
    await playground.reaches('done');
    expect(await playground.content().textContent()).toBe(expectedOf(recording).choices[0].content);
  });

  test('shows what arrived so far while the answer goes on', async ({ playground, endpoint }) => {
    const recording = loadRecording('story_long_stream');
    const size = bytesOfEvents(recording.body, 12);
    const scenario = endpoint.scenario(make.stopped(make.recording(recording.name), 'hang', size));
    await playground.openFor(scenario);
    await playground.send.click();
    const soFar = expectedOf({ ...recording, body: recording.body.subarray(0, size) });
    await expect(playground.content()).toHaveText(soFar.choices[0].content);
    expect(await playground.state()).toBe('streaming');
  });
});

test('the text is appended to, not drawn anew', async ({ page, playground, endpoint }) => {
  const load = make.synthetic({ tokens: 600, perSecond: 400 });
  const scenario = endpoint.scenario(load);
  await playground.openFor(scenario);
  await playground.send.click();
  await expect(playground.content()).toContainText('.');
  // A mark on the element and a selection in it survive all that is still to come.
  await playground.content().evaluate((part) => {
    part.__mark = true;
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    let text = texts.nextNode();
    while (text.length < 3) text = texts.nextNode();
    getSelection().setBaseAndExtent(text, 0, text, 3);
  });
  await playground.reaches('done');
  const kept = await playground.content().evaluate((part) => ({ mark: part.__mark, selected: String(getSelection()) }));
  expect(kept.mark).toBe(true);
  expect(kept.selected).toBe(load.expected.slice(0, 3));
  expect(await playground.content().textContent()).toBe(load.expected);
});
