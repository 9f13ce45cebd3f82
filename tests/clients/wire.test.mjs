// The endpoint's HTTP itself: heads and refusals as a real vLLM's, held against recordings of one, and
// what no recording can show: that events leave one by one, and that a client can wait, hang up or come back.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as send } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadRecording } from '../endpoint/recordings.mjs';
import { MODEL, startEndpoint } from '../support/live-endpoint.mjs';

const KEY = 'sk-right';
/** About 15 MB as a stream, more than sockets hold. */
const LONG = {
  messages: [{ role: 'user', content: 'Tell me a story.' }],
  ignore_eos: true,
  max_tokens: 7000,
  logprobs: true,
  top_logprobs: 20,
};
const SHORT = { messages: [{ role: 'user', content: 'What is the capital of France?' }], temperature: 0 };

let live;
before(async () => {
  live = await startEndpoint({ key: KEY });
});
after(() => live.stop());

/** A request whose answer is not read yet. */
async function begin({ path = '/v1/chat/completions', method = 'POST', headers = {}, body, agent, at = live }) {
  const request = send(`${at.origin}${path}`, { method, headers, agent });
  request.on('error', () => {});
  request.end(body);
  const [response] = await once(request, 'response');
  return { request, response };
}

/** A request to the end of its answer. */
async function ask(options) {
  const { request, response } = await begin(options);
  const body = await textOf(response);
  return { status: response.statusCode, headers: response.headers, body, request };
}

async function textOf(response) {
  const pieces = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const json = (body, headers = {}) => ({
  headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, ...headers },
  body: JSON.stringify(body),
});

/** A recorded request again. */
function again({ request: { method, path, headers, body, auth } }) {
  const key = auth === 'right' ? { authorization: `Bearer ${KEY}` } : {};
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? undefined);
  return ask({ method, path, headers: { ...headers, ...key }, body: text?.replace('"tiny"', `"${MODEL}"`) });
}

// What belongs to the connection, or says who answers.
const OWN = /^(date|server|connection|keep-alive|content-length|transfer-encoding)$/;
const without = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.test(name)));

for (const name of [
  'cors_err_415',
  'cors_err_path',
  'cors_options_plain_405',
  'cors_preflight',
  'cors_preflight_custom_header',
  'cors_preflight_null_origin',
  'cors_preflight_wrong_path',
  'err_json_array',
  'err_method',
  'err_no_content_type',
  'err_no_key_origin',
  'err_path',
  'err_text_plain',
  'get_models_no_key',
  'get_ping',
]) {
  test(`it answers as the recording ${name} does`, async () => {
    const recording = loadRecording(name);
    const { status, headers, body } = await again(recording);
    assert.equal(status, recording.status);
    assert.deepEqual(without(headers), without(recording.headers));
    assert.equal(body, recording.body.toString());
  });
}

for (const name of ['cors_post', 'cors_post_cookie', 'get_models_origin', 'err_wrong_model_origin', 'max_tokens_stream']) {
  test(`the head of its answer is that of the recording ${name}`, async () => {
    const recording = loadRecording(name);
    const { status, headers } = await again(recording);
    assert.equal(status, recording.status);
    assert.deepEqual(without(headers), without(recording.headers));
  });
}

test('a slash too many is redirected to the URL without it', async () => {
  const { status, headers, body } = await ask({ path: '/v1/chat/completions/?a=b', ...json(SHORT) });
  assert.deepEqual([status, body], [307, '']);
  assert.equal(headers.location, `${live.base}/chat/completions?a=b`);
});

test('what is no text is refused, and health and version want no key', async () => {
  const broken = { ...json({}), body: Buffer.from([0x7b, 0xff, 0x7d]) };
  assert.deepEqual((await ask(broken)).body, '{"detail":"There was an error parsing the body"}');
  assert.equal((await ask({ path: '/health', method: 'GET' })).status, 200);
  assert.deepEqual(JSON.parse((await ask({ path: '/version', method: 'GET' })).body), { version: '0.6.4' });
});

test('only the key itself is the key', async () => {
  for (const authorization of [`Bearer ${KEY} `.trimEnd().toLowerCase(), `bearer ${KEY}`, KEY, `Bearer ${KEY}x`, 'Bearer ']) {
    assert.equal((await ask(json(SHORT, { authorization }))).status, 401, authorization);
  }
});

test('the id of a header goes before that of the body', async () => {
  const { body } = await ask(json({ ...SHORT, request_id: 'body' }, { 'x-request-id': 'head' }));
  assert.equal(JSON.parse(body).id, 'chatcmpl-head');
});

test('a connection is used again', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const first = await ask({ ...json(SHORT), agent });
  const second = await ask({ ...json({ ...SHORT, stream: true }), agent });
  const third = await ask({ ...json(SHORT), agent });
  assert.deepEqual([first, second, third].map(({ request }) => request.reusedSocket), [false, true, true]);
  agent.destroy();
});

test('events leave one by one, at the pace that was asked for', async () => {
  const slow = await startEndpoint({ pace: 50 });
  try {
    const { response } = await begin({ ...json({ ...SHORT, stream: true }), at: slow });
    const times = [];
    for await (const piece of response) {
      assert.match(piece.toString(), /^data: .*\n\n$/s);
      times.push(performance.now());
    }
    // Ten tokens with nine gaps of 20 ms; a busy machine may hand over two at once.
    assert.ok(times.length >= 6, `${times.length} pieces`);
    assert.ok(times.at(-1) - times[0] > 100, `${times.at(-1) - times[0]} ms`);
  } finally {
    await slow.stop();
  }
});

test('while a client takes nothing, nothing is made for it, and its hanging up ends the answer', async () => {
  const { request, response } = await begin(json({ ...LONG, stream: true }));
  response.pause();
  const before = (await live.runs(1)).tokens;
  let last = -1;
  let now = before;
  while (now !== last) {
    last = now;
    await sleep(400);
    now = (await live.metrics()).tokens;
  }
  assert.equal((await live.metrics()).running, 1);
  request.destroy();
  const made = (await live.runs(0)).tokens - before;
  assert.ok(made < LONG.max_tokens - 500, `${made} tokens were made for nobody`);
});

test('a client that reads again gets all of it', async () => {
  const { response } = await begin(json({ ...LONG, max_tokens: 3000, stream: true }));
  response.pause();
  await sleep(300);
  response.resume();
  const text = await textOf(response);
  assert.ok(text.endsWith('data: [DONE]\n\n'));
  assert.ok(text.match(/^data: /gm).length > 3000);
});

test('hanging up ends an answer that is sent as a whole', async () => {
  const slow = await startEndpoint({ pace: 20 });
  try {
    const request = send(`${slow.base}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    request.on('error', () => {});
    request.end(JSON.stringify(LONG));
    await slow.runs(1);
    request.destroy();
    const { tokens } = await slow.runs(0);
    assert.ok(tokens < 200, `${tokens}`);
  } finally {
    await slow.stop();
  }
});

test('answers take turns', async () => {
  const { request, response } = await begin(json({ ...LONG, stream: true }));
  response.resume();
  const { body } = await ask(json(SHORT));
  assert.equal(JSON.parse(body).choices[0].message.content, 'The capital of France is Paris.');
  assert.equal((await live.metrics()).running, 1);
  request.destroy();
  await live.runs(0);
});
