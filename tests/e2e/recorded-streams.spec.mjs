// Every recorded event stream, played back one byte at a time, comes out as it was recorded.

import * as make from '../endpoint/answers.mjs';
import { chatRecordings, isStream, loadRecording } from '../endpoint/recordings.mjs';
import * as variants from '../endpoint/variants.mjs';
import { expectShown, groups } from './checks.mjs';
import { expect, test } from './fixtures.mjs';
import { expectedOf } from './naive.mjs';
import { HELLO, plainLink } from './playground.mjs';

const STREAMS = chatRecordings().filter((recording) => recording.status === 200 && isStream(recording));
const PARTS = 6;

test('there are recorded streams to play', () => {
  expect(STREAMS.length).toBeGreaterThanOrEqual(65);
  expect(STREAMS.filter((stream) => expectedOf(stream).state === 'failed').length).toBeGreaterThanOrEqual(6);
});

groups(STREAMS, PARTS).forEach((group, part) => {
  test(`recorded streams at 1-byte chunks, part ${part + 1} of ${PARTS}`, async ({ playground, endpoint }) => {
    test.setTimeout(120_000);
    let opened = false;
    for (const recording of group) {
      await test.step(recording.name, async () => {
        const scenario = endpoint.scenario(make.recording(recording.name, { chunk: 1 }));
        const body = recording.request.body;
        if (opened) await playground.followFor(scenario, body);
        else await playground.openFor(scenario, body);
        opened = true;
        await playground.sendAndFinish(scenario);
        const expected = expectedOf(recording);
        const shown = await expectShown(playground, expected, recording.name);
        if (expected.error?.message) {
          expect.soft(shown.errorText, `${recording.name}: message`).toContain(expected.error.message);
        }
      });
    }
  });
});

const SPELLINGS = {
  'CRLF line ends': variants.crlf,
  'CR line ends': variants.cr,
  'a byte order mark': variants.withBom,
  'comments between events': variants.withHeartbeats,
  'no space after the colon': variants.withoutSpaces,
  'event, id and retry fields': variants.withFields,
  'several data lines to an event': variants.multiLine,
};

for (const [what, change] of Object.entries(SPELLINGS)) {
  test(`a stream with ${what} says the same`, async ({ playground, endpoint }) => {
    await playground.open();
    for (const name of ['unicode_emoji_stream', 'tools_auto_two_stream', 'n3_stream_usage']) {
      const recording = loadRecording(name);
      const scenario = endpoint.scenario(make.stream(change(recording.body), { chunk: 1 }));
      await playground.followFor(scenario, recording.request.body);
      await playground.sendAndFinish(scenario);
      await expectShown(playground, expectedOf(recording), `${name} with ${what}`);
    }
  });
}

test('an event stream that nobody asked for is read all the same', async ({ playground, endpoint }) => {
  const recording = loadRecording('story_long_stream');
  const scenario = endpoint.scenario(make.recording(recording.name, { chunk: 1 }));
  await playground.openFor(scenario, { ...HELLO, stream: false });
  await playground.sendAndFinish(scenario);
  await expectShown(playground, expectedOf(recording), 'SSE for stream: false');
});

test('the answer is on screen while it is still arriving', async ({ playground, endpoint }) => {
  const recording = loadRecording('story_long_stream');
  const size = variants.bytesOfEvents(recording.body, 12);
  const scenario = endpoint.scenario(make.stopped(make.recording(recording.name), 'hang', size));
  await playground.open(plainLink({ base: scenario.base }));
  await playground.send.click();
  const soFar = expectedOf({ ...recording, body: recording.body.subarray(0, size) });
  expect(soFar.choices[0].content.length).toBeGreaterThan(10);
  await expect(playground.content()).toHaveText(soFar.choices[0].content, { useInnerText: false });
  await playground.reaches('streaming');
  expect(scenario.calls[0].hungUpAt).toBeUndefined();
});

test('the figures of a run are there and can be believed', async ({ page, playground, endpoint }) => {
  const recording = loadRecording('stream_usage');
  // Slow enough that a busy machine does not read all of it at once: a rate needs an interval.
  const scenario = endpoint.scenario(make.recording(recording.name, { chunk: 200, delay: 80 }));
  await playground.openFor(scenario, recording.request.body);
  await playground.sendAndFinish(scenario);
  const metric = async (name) =>
    Number(await page.locator(`[data-metric="${name}"]`).first().getAttribute('data-value'));
  const [ttft, total, rate] = [await metric('ttft'), await metric('total'), await metric('tokens_per_second')];
  const lasted = scenario.calls[0].finishedAt - scenario.calls[0].receivedAt;
  expect(total).toBeGreaterThan(lasted * 0.8);
  expect(total).toBeLessThan(lasted + 2000);
  expect(ttft).toBeGreaterThan(25);
  expect(ttft).toBeLessThan(total);
  const tokens = Number(expectedOf(recording).usage.completion_tokens);
  expect(rate).toBeGreaterThan((tokens / total) * 1000 * 0.8);
});

test('the event log has a row for each event, in order', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario);
  await playground.sendAndFinish(scenario);
  await page.getByRole('tab', { name: /^Events\b/ }).click();
  const rows = page.locator('[data-event]');
  await expect(rows).toHaveCount(8);
  expect(await rows.evaluateAll((all) => all.map((row) => row.dataset.event))).toEqual([...'01234567']);
  await expect(rows.last()).toContainText('[DONE]');
});
