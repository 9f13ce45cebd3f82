// The scripted endpoint itself, tried from Node without a page: what the other tests build on.

import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as make from '../endpoint/answers.mjs';
import { closedBase } from '../endpoint/endpoint.mjs';
import { chatRecordings, loadRecording } from '../endpoint/recordings.mjs';
import * as variants from '../endpoint/variants.mjs';
import { expect, test } from './fixtures.mjs';
import { eventsOf } from './naive.mjs';

const post = (scenario, init = {}) =>
  fetch(`${scenario.base}/chat/completions`, { method: 'POST', body: '{}', redirect: 'manual', ...init });

const bytes = async (response) => Buffer.from(await response.arrayBuffer());

test('every recording comes back byte for byte, however it is cut', async ({ endpoint }) => {
  for (const recording of chatRecordings()) {
    const scenario = endpoint.scenario(make.recording(recording.name, { chunk: 7 }));
    const response = await post(scenario);
    expect(response.status, recording.name).toBe(recording.status);
    expect(response.headers.get('content-type') ?? undefined).toBe(recording.headers['content-type']);
    expect((await bytes(response)).equals(recording.body), recording.name).toBe(true);
  }
});

test('one byte at a time, and with a delay', async ({ endpoint }) => {
  const { body } = loadRecording('max_tokens_stream');
  const byByte = endpoint.scenario(make.recording('max_tokens_stream', { chunk: 1 }));
  expect((await bytes(await post(byByte))).equals(body)).toBe(true);
  const slow = endpoint.scenario(make.recording('max_tokens_stream', { chunk: 200, delay: 20 }));
  const begun = performance.now();
  expect((await bytes(await post(slow))).equals(body)).toBe(true);
  expect(performance.now() - begun).toBeGreaterThan(Math.floor(body.length / 200) * 20 * 0.9);
});

test('a cut breaks the connection after exactly so many bytes, a clean end does not', async ({ endpoint }) => {
  const whole = make.recording('story_long_stream');
  // Node's fetch takes a chunked answer without its last chunk for whole, its older client does not.
  const collect = async (scenario) => {
    const request = http.request(`${scenario.base}/chat/completions`, { method: 'POST' }).end();
    const [response] = await once(request, 'response');
    let size = 0;
    let broken = false;
    try {
      for await (const piece of response) size += piece.length;
    } catch {
      broken = true;
    }
    return { size, broken };
  };
  const cut = endpoint.scenario(make.stopped(whole, 'cut', 1000));
  expect(await collect(cut)).toEqual({ size: 1000, broken: true });
  expect(cut.calls[0].hungUpAt, 'it was us who hung up').toBeUndefined();
  const end = endpoint.scenario(make.stopped(whole, 'end', 1000));
  expect(await collect(end)).toEqual({ size: 1000, broken: false });
  const noHead = endpoint.scenario(make.stopped(whole, 'cut', 'nothing'));
  await expect(post(noHead)).rejects.toThrow();
});

test('it hangs where it was told to, and notices who hangs up', async ({ endpoint }) => {
  const whole = make.recording('story_long_stream');
  for (const [after, head, size] of [['nothing', false, 0], ['head', true, 0], [500, true, 500]]) {
    const scenario = endpoint.scenario(make.stopped(whole, 'hang', after));
    const abort = new AbortController();
    const response = post(scenario, { signal: abort.signal });
    const call = await scenario.call();
    const first = await Promise.race([response.then(() => 'head'), sleep(300, 'nothing')]);
    expect(first).toBe(head ? 'head' : 'nothing');
    await expect.poll(() => call.written).toBe(size);
    expect(call.hungUpAt).toBeUndefined();
    abort.abort();
    await response.catch(() => {});
    await call.hungUp();
    expect(call.finishedAt).toBeUndefined();
  }
});

test('it answers CORS as vLLM does', async ({ endpoint }) => {
  const origin = 'https://app.example';
  const preflight = (scenario) =>
    fetch(`${scenario.base}/chat/completions`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const open = endpoint.scenario([make.recording('basic'), make.unauthorized()]);
  const recorded = loadRecording('cors_preflight').headers;
  const allowed = await preflight(open);
  expect(allowed.status).toBe(200);
  for (const name of Object.keys(recorded).filter((key) => key.startsWith('access-control-'))) {
    expect(allowed.headers.get(name), name).toBe(recorded[name]);
  }
  const first = await post(open, { headers: { origin } });
  expect(first.headers.get('access-control-allow-origin')).toBe('*');
  const second = await post(open, { headers: { origin } });
  expect(second.status).toBe(401);
  expect(await second.json()).toEqual({ error: 'Unauthorized' });
  expect(second.headers.get('access-control-allow-origin')).toBeNull();

  const refusing = endpoint.scenario(make.recording('basic'), { preflight: 'refuse' });
  const refused = await preflight(refusing);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
});

test('it keeps what it received, exactly', async ({ endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'), { key: 'right' });
  const body = '{ "z": 1.0,\n"a": "漢 é" }';
  const response = await post(scenario, { body, headers: { authorization: 'Bearer wrong', 'x-own': 'y' } });
  expect(response.status).toBe(401);
  const [call] = scenario.calls;
  expect(call.body).toBe(body);
  expect(call.method).toBe('POST');
  expect(call.path).toBe(`${scenario.path}/chat/completions`);
  expect(call.headers['x-own']).toBe('y');
  expect(call.finishedAt).toBeGreaterThanOrEqual(call.receivedAt);
  const ok = await post(scenario, { headers: { authorization: 'Bearer right' } });
  expect(ok.status).toBe(200);
});

test('other paths are answered as vLLM answers them', async ({ endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  const models = await fetch(`${scenario.base}/models`);
  expect((await models.json()).data[0].id).toBe('tiny');
  expect((await fetch(`${scenario.base}/chat/completions`)).status).toBe(405);
  expect((await fetch(`${scenario.base}/nothing`)).status).toBe(404);
  const slash = await fetch(`${scenario.base}/chat/completions/`, { method: 'POST', redirect: 'manual' });
  expect(slash.status).toBe(307);
  expect(slash.headers.get('location')).toBe(`${scenario.base}/chat/completions`);
  await expect(fetch(`${await closedBase()}/models`)).rejects.toThrow();
});

test('variants keep the events and change the spelling', () => {
  const { body } = loadRecording('unicode_emoji_stream');
  const count = eventsOf(body).length;
  const text = (variant) => variant(body).toString('utf8');
  expect(text(variants.crlf).match(/\r\n\r\n/g)).toHaveLength(count + 1);
  expect(text(variants.cr)).not.toContain('\n');
  expect(variants.withBom(body).subarray(0, 3)).toEqual(Buffer.from('\ufeff'));
  expect(text(variants.withHeartbeats).match(/^: heartbeat$/gm)).toHaveLength(count + 1);
  expect(text(variants.withoutSpaces)).not.toContain('data: ');
  expect(text(variants.multiLine).match(/^data: \{$/gm)).toHaveLength(count);
  expect(text(variants.withFields).match(/^id: \d+$/gm)).toHaveLength(count + 1);
  const failing = variants.errorAfter(body, 3, { message: 'no' });
  expect(eventsOf(failing)).toHaveLength(4);
  expect(eventsOf(body.subarray(0, variants.bytesOfEvents(body, 5)))).toHaveLength(5);
});

test('the synthetic stream sends what it promises, at the rate it promises', async ({ endpoint }) => {
  const load = make.synthetic({ tokens: 400, perSecond: 1000, alternatives: 20 });
  const begun = performance.now();
  const chunks = eventsOf(await bytes(await post(endpoint.scenario(load))));
  const took = performance.now() - begun;
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(load.expected);
  expect(chunks[7].choices[0].logprobs.content[0].top_logprobs).toHaveLength(20);
  expect(took).toBeGreaterThan(390);
  expect(took).toBeLessThan(2000);
});
