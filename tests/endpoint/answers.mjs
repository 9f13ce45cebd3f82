// What a scenario answers with: each function here makes one answer, and a few change one.
//
// An answer is a plain object:
//   status, headers   the head; `content-length` is added where `sized` is true
//   cors              whether a request with `Origin` gets `access-control-allow-origin: *`
//   body              bytes, or a function that returns an async iterator of bytes
//   sized             whether the length is told beforehand (a whole answer) or chunked (a stream)
//   chunk, delay      bytes written at a time (0: all at once), milliseconds between writes
//   stop              undefined, or { how, after, pause }: `how` is `cut` (the socket is destroyed), `end` (a
//                     clean end) or `hang` (nothing more comes); `after` is `nothing` (before the
//                     head), `head` (before the body), or a number of bytes of the body; `pause` are
//                     milliseconds before it, because a browser drops bytes that come with the cut

import { setTimeout as sleep } from 'node:timers/promises';
import { loadRecording } from './recordings.mjs';

/** @typedef {ReturnType<typeof answer>} Answer */

/** An answer from its parts. */
export function answer(parts = {}) {
  return {
    status: 200,
    headers: {},
    cors: true,
    body: Buffer.alloc(0),
    sized: true,
    chunk: 0,
    delay: 0,
    stop: undefined,
    ...parts,
  };
}

/** An event stream of these bytes. */
export const stream = (body, parts = {}) =>
  answer({
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: Buffer.from(body),
    sized: false,
    ...parts,
  });

/** A JSON answer; `value` is text or anything that `JSON.stringify` takes. */
export const json = (value, parts = {}) =>
  answer({
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    ...parts,
  });

/** Text of another type. */
export const text = (body, type, parts = {}) =>
  answer({ headers: { 'content-type': type }, body: Buffer.from(body), ...parts });

// Headers of a recording that belong to its connection, or that the endpoint makes itself.
const OWN_HEADERS = /^(date|server|connection|content-length|transfer-encoding|access-control-.*|vary)$/;

/**
 * A recording, byte for byte. CORS headers are sent where vLLM sends them: everywhere but on a 401
 * and on the plain text of a 500 that it did not catch.
 */
export function recording(name, parts = {}) {
  const { status, headers, body } = loadRecording(name);
  const type = headers['content-type'] ?? '';
  return answer({
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([key]) => !OWN_HEADERS.test(key))),
    cors: status !== 401 && !(status === 500 && type.startsWith('text/plain')),
    body,
    sized: 'content-length' in headers,
    ...parts,
  });
}

/** vLLM's answer to a wrong or missing key: a string as error, and no CORS header. */
export const unauthorized = () => json({ error: 'Unauthorized' }, { status: 401, cors: false });

/** A list of models in OpenAI's shape; each is an object with at least an `id`. */
export const models = (list, parts = {}) =>
  json({ object: 'list', data: list.map((model) => ({ object: 'model', created: 1, ...model })) }, parts);

/** llama.cpp's list: OpenAI's shape, and the same once more for Ollama's clients. */
export const llamaCppModels = (id, context) =>
  json({
    models: [{ name: id, model: id, type: 'model', details: { format: 'gguf' } }],
    object: 'list',
    data: [{ id, object: 'model', created: 1, owned_by: 'llamacpp', meta: { vocab_type: 2, n_ctx_train: context } }],
  });

/** vLLM's answer to GET /version. */
export const version = (text, parts = {}) => json({ version: text }, parts);

/** The router's answer to an unknown path. */
export const notFound = () => json({ detail: 'Not Found' }, { status: 404 });

/** FastAPI's answer to a body that fails validation. */
export const unprocessable = () =>
  json(
    { detail: [{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required', input: {} }] },
    { status: 422 },
  );

/** A gateway's web page. */
export const htmlError = (status = 500) =>
  text(
    `<!doctype html><html><head><title>${status} gateway fault</title></head><body><h1>Upstream fault</h1></body></html>`,
    'text/html',
    { status },
  );

/** What vLLM answers to some bodies: 500 and not a byte. */
export const emptyError = (status = 500) => answer({ status });

/** A redirect to another URL. */
export const redirect = (location) => answer({ status: 307, headers: { location } });

/** The same answer, stopped: see `stop` at the top of this file. */
export const stopped = (whole, how, after, pause = 0) => ({
  ...whole,
  stop: { how, after, pause },
  // A length told beforehand would turn a clean early end into a broken one.
  sized: how === 'end' ? false : whole.sized,
});

/**
 * A stream made on the spot, for load: `tokens` tokens at `perSecond`, each with `alternatives` in
 * `top_logprobs`. `expected` in it is the text that it must come to.
 * @param {{tokens: number, perSecond: number, alternatives?: number}} options
 */
export function synthetic({ tokens, perSecond, alternatives = 0 }) {
  const encoder = new TextEncoder();
  const token = (index) => ` ${WORDS[index % WORDS.length]}${index % 17 === 16 ? '.\n' : ''}`;
  const event = (delta, index, finish = null) =>
    encoder.encode(
      `data: ${JSON.stringify({
        id: 'chatcmpl-synthetic',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'synthetic',
        choices: [
          { index: 0, delta, logprobs: logprobs(delta.content, index), finish_reason: finish },
        ],
      })}\n\n`,
    );
  const logprobs = (sampled, index) =>
    alternatives > 0 && sampled
      ? { content: [{ ...entry(sampled, 0), top_logprobs: others(sampled, index, alternatives) }] }
      : null;
  async function* body() {
    yield event({ role: 'assistant', content: '' }, 0);
    const begun = performance.now();
    let sent = 0;
    while (sent < tokens) {
      await sleep(4);
      const due = Math.min(tokens, Math.floor(((performance.now() - begun) / 1000) * perSecond));
      for (; sent < due; sent += 1) yield event({ content: token(sent) }, sent);
    }
    yield event({ content: '' }, tokens, 'stop');
    const usage = { prompt_tokens: 1, completion_tokens: tokens, total_tokens: tokens + 1 };
    yield encoder.encode(
      `data: ${JSON.stringify({ id: 'chatcmpl-synthetic', object: 'chat.completion.chunk', created: 1, model: 'synthetic', choices: [], usage })}\n\ndata: [DONE]\n\n`,
    );
  }
  return {
    ...stream('', { body }),
    expected: Array.from({ length: tokens }, (_, index) => token(index)).join(''),
  };
}

const WORDS = ['the', 'model', 'nearly', 'said', 'something', 'else', '漢字', 'naïve', '🙂'];

const entry = (token, index) => ({
  token,
  logprob: -0.1 - index * 0.7,
  bytes: [...new TextEncoder().encode(token)],
});

const others = (sampled, at, count) =>
  Array.from({ length: count }, (_, index) =>
    entry(index === 0 ? sampled : ` ${WORDS[(at + index) % WORDS.length]}${index}`, index),
  );
