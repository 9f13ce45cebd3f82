// Every recorded whole answer and every recorded error comes out as it was recorded.

import * as make from '../endpoint/answers.mjs';
import { chatRecordings, isStream, loadRecording } from '../endpoint/recordings.mjs';
import { expectShown, groups } from './checks.mjs';
import { expect, test } from './fixtures.mjs';
import { errorMessageOf, expectedOf } from './naive.mjs';
import { HELLO } from './playground.mjs';

const RECORDINGS = chatRecordings();
const WHOLE = RECORDINGS.filter((recording) => recording.status === 200 && !isStream(recording));
// vLLM sends no CORS headers with these, so a browser cannot read them.
const readable = (recording) => make.recording(recording.name).cors;
const ERRORS = RECORDINGS.filter((recording) => recording.status >= 400 && readable(recording));
const HIDDEN = RECORDINGS.filter((recording) => recording.status >= 400 && !readable(recording));
const PARTS = 4;

const bodyOf = ({ request: { body } }) =>
  body !== null && typeof body === 'object' && !Array.isArray(body) ? body : HELLO;

test('there are recorded answers and errors to play', () => {
  expect(WHOLE.length).toBeGreaterThanOrEqual(105);
  expect(ERRORS.length).toBeGreaterThanOrEqual(70);
  expect(HIDDEN.length).toBeGreaterThanOrEqual(3);
});

/** Opens one recording after the other on one page, sends each, and hands over to `check`. */
async function playAll(group, { playground, endpoint }, check) {
  let opened = false;
  for (const recording of group) {
    await test.step(recording.name, async () => {
      const scenario = endpoint.scenario(make.recording(recording.name));
      if (opened) await playground.followFor(scenario, bodyOf(recording));
      else await playground.openFor(scenario, bodyOf(recording));
      opened = true;
      await playground.sendAndFinish(scenario);
      await check(recording);
    });
  }
}

groups(WHOLE, PARTS).forEach((group, part) => {
  test(`recorded whole answers, part ${part + 1} of ${PARTS}`, async ({ playground, endpoint }) => {
    test.setTimeout(120_000);
    await playAll(group, { playground, endpoint }, (recording) =>
      expectShown(playground, expectedOf(recording), recording.name),
    );
  });
});

groups(ERRORS, PARTS).forEach((group, part) => {
  test(`recorded errors, part ${part + 1} of ${PARTS}`, async ({ playground, endpoint }) => {
    test.setTimeout(120_000);
    const squeeze = (text) => text.replace(/\s+/g, '');
    await playAll(group, { playground, endpoint }, async (recording) => {
      const shown = await playground.shown();
      const message = errorMessageOf(recording.body);
      expect.soft(shown.state, recording.name).toBe('failed');
      expect.soft(shown.error, recording.name).toBe(String(recording.status));
      expect.soft(squeeze(shown.errorText ?? ''), recording.name).toContain(squeeze(message));
      // An error without a message still has to be explained.
      expect.soft((shown.errorText ?? '').length, recording.name).toBeGreaterThan(20);
    });
  });
});

test('recorded errors without CORS headers are told as what a browser knows of them', async ({ playground, endpoint }) => {
  await playAll(HIDDEN, { playground, endpoint }, async (recording) => {
    const shown = await playground.shown();
    expect.soft(shown.state, recording.name).toBe('failed');
    expect.soft(shown.error, recording.name).toBe('network');
  });
});

test('a whole answer for a streamed request is read all the same', async ({ playground, endpoint }) => {
  const recording = loadRecording('tools_auto_two');
  const scenario = endpoint.scenario(make.recording(recording.name, { chunk: 1 }));
  await playground.openFor(scenario, { ...HELLO, stream: true });
  await playground.sendAndFinish(scenario);
  await expectShown(playground, expectedOf(recording), 'JSON for stream: true');
});
