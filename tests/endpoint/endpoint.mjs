// A scripted `POST /chat/completions` endpoint on a real socket.
//
// One server holds any number of scenarios, each under a base path of its own, so that tests run
// side by side. A scenario answers each request as it was told and keeps what it received: method,
// path, headers, the exact text of the body, the times, and whether the client hung up.

import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { answer, json, notFound, recording, redirect, unauthorized } from './answers.mjs';

const MAX_WAIT_MS = 10_000;

/** What came in, and what became of it. Times are milliseconds of `performance.now()`. */
class Received {
  #gone = new EventEmitter();

  constructor(request) {
    this.method = request.method;
    this.path = request.url;
    this.headers = request.headers;
    this.receivedAt = performance.now();
    /** The exact text of the body. */
    this.body = '';
    /** Bytes of the answer's body handed to the socket so far. */
    this.written = 0;
    /** When the answer was through, or undefined. */
    this.finishedAt = undefined;
    /** When the client closed the connection before that, or undefined. */
    this.hungUpAt = undefined;
  }

  hangUp() {
    this.hungUpAt = performance.now();
    this.#gone.emit('hangUp');
  }

  /** Resolves when the client has hung up; rejects when it does not in time. */
  async hungUp(withinMs = MAX_WAIT_MS) {
    if (this.hungUpAt !== undefined) return this.hungUpAt;
    const signal = AbortSignal.timeout(withinMs);
    await once(this.#gone, 'hangUp', { signal }).catch(() => {
      throw new Error(`the client did not hang up within ${withinMs} ms`);
    });
    return this.hungUpAt;
  }
}

/** One base path and its script. */
class Scenario extends EventEmitter {
  /** Every request in order of arrival, preflights too. @type {Received[]} */
  received = [];

  constructor(path, origin, { answers, preflight, models, version, key }) {
    super();
    this.path = path;
    this.origin = origin;
    /** The base URL to type into the page. */
    this.base = `${origin}${path}`;
    this.answers = [answers].flat();
    this.preflight = preflight;
    this.models = models;
    this.version = version;
    this.key = key;
  }

  /** The requests to `/chat/completions` alone. */
  get calls() {
    return this.received.filter(({ method, path }) => method === 'POST' && path.includes('/chat/completions'));
  }

  /** The call of this index, as soon as its body is in. */
  async call(index = 0, withinMs = MAX_WAIT_MS) {
    const signal = AbortSignal.timeout(withinMs);
    while (this.calls.length <= index) {
      await once(this, 'call', { signal }).catch(() => {
        throw new Error(`call ${index} did not come within ${withinMs} ms`);
      });
    }
    return this.calls[index];
  }

  answerFor(request, received) {
    const path = request.url.split('?')[0];
    // vLLM's version stands beside /v1, and asks for no key.
    if (path === versionPath(this.path)) return this.version;
    if (path.endsWith('/')) return redirect(`${this.origin}${path.slice(0, -1)}`);
    if (this.key !== undefined && request.headers.authorization !== `Bearer ${this.key}`) {
      return unauthorized();
    }
    if (path === `${this.path}/models`) return this.models;
    if (path !== `${this.path}/chat/completions`) return notFound();
    if (request.method !== 'POST') return json({ detail: 'Method Not Allowed' }, { status: 405 });
    // The last answer stands for all further calls.
    return this.answers[Math.min(this.calls.indexOf(received), this.answers.length - 1)];
  }
}

/** The server. `start` before use, `close` at the end. */
export class Endpoint {
  #server = createServer((request, response) => {
    this.#serve(request, response).catch((error) => response.destroy(error));
  });
  #scenarios = new Map();
  #count = 0;

  /** Listens on 127.0.0.1; port 0 takes any free one. */
  async start(port = 0) {
    // A stream may last, and nobody waits for idle connections at the end.
    this.#server.requestTimeout = 0;
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  async close() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close').catch(() => {});
  }

  /**
   * Adds a scenario.
   * @param {import('./answers.mjs').Answer | import('./answers.mjs').Answer[]} answers one for each
   *   call; the last one stands for all that follow
   * @param {object} [options]
   * @param {'allow' | 'refuse' | 'hang'} [options.preflight] how OPTIONS is answered
   * @param {string} [options.path] the base path, otherwise a fresh one that ends in /v1
   * @param {string} [options.key] the key it takes; any other is answered 401 without CORS headers
   * @param {import('./answers.mjs').Answer} [options.models] the answer to GET /models
   * @param {import('./answers.mjs').Answer} [options.version] the answer to GET /version, beside /v1
   */
  scenario(answers, { path, preflight = 'allow', models = defaultModels(), version = notFound(), key } = {}) {
    const base = path ?? `/s${(this.#count += 1)}/v1`;
    const made = new Scenario(base, this.origin, { answers, preflight, models, version, key });
    this.#scenarios.set(base, made);
    return made;
  }

  #find(url) {
    const path = url.split('?')[0];
    const bases = [...this.#scenarios.keys()].filter(
      (base) => path.startsWith(`${base}/`) || path === versionPath(base),
    );
    bases.sort((one, other) => other.length - one.length);
    return this.#scenarios.get(bases[0]);
  }

  async #serve(request, response) {
    const received = new Received(request);
    const scenario = this.#find(request.url);
    scenario?.received.push(received);
    response.on('close', () => {
      if (received.finishedAt === undefined) received.hangUp();
    });
    // Each request gets a connection of its own: a browser repeats a request that fails on a used one.
    response.shouldKeepAlive = false;
    response.socket?.setNoDelay(true);

    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    received.body = Buffer.concat(pieces).toString('utf8');

    if (request.method === 'OPTIONS') {
      const script = preflightAnswer(scenario?.preflight ?? 'allow', request.headers);
      return play(script, request, response, received);
    }
    const script = scenario?.answerFor(request, received) ?? notFound();
    if (scenario && scenario.calls.includes(received)) scenario.emit('call', received);
    return play(script, request, response, received);
  }
}

const versionPath = (base) => `${base.replace(/\/v1$/, '')}/version`;

/** As vLLM does it: allowed headers repeat what was asked for (recording `cors_preflight`). */
function preflightAnswer(how, headers) {
  if (how === 'hang') return answer({ stop: { how: 'hang', after: 'nothing' } });
  if (how === 'refuse') return json({ detail: 'Method Not Allowed' }, { status: 405, cors: false });
  return answer({
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
      'access-control-max-age': '600',
    },
    body: Buffer.from('OK'),
  });
}

function defaultModels() {
  return recording('get_models');
}

async function play(script, request, response, received) {
  const { stop } = script;
  const finish = (end) => {
    received.finishedAt = performance.now();
    end();
  };
  if (stop?.after === 'nothing') {
    if (stop.how !== 'hang') finish(() => response.destroy());
    return;
  }
  const headers = { ...script.headers };
  if (script.cors && request.headers.origin) headers['access-control-allow-origin'] = '*';
  if (script.sized) headers['content-length'] = script.body.length;
  response.writeHead(script.status, headers);
  response.flushHeaders();

  const limit = stop === undefined ? Infinity : stop.after === 'head' ? 0 : stop.after;
  for await (const piece of pieces(script)) {
    const left = piece.subarray(0, limit - received.written);
    if (left.length > 0 && !(await write(response, left))) return;
    received.written += left.length;
    if (received.written >= limit) break;
    if (script.chunk > 0) await (script.delay > 0 ? sleep(script.delay) : nextTurn());
  }
  if (stop?.how === 'hang') return;
  if (stop?.pause > 0) await sleep(stop.pause);
  if (stop?.how === 'cut') {
    // What was written must leave before the socket goes.
    await nextTurn();
    finish(() => response.destroy());
  } else {
    finish(() => response.end());
  }
}

async function* pieces({ body, chunk }) {
  if (typeof body === 'function') return yield* body();
  const step = chunk > 0 ? chunk : Math.max(1, body.length);
  for (let at = 0; at < body.length; at += step) yield body.subarray(at, at + step);
}

/** Writes and waits until the socket takes more. False when the client is gone. */
async function write(response, piece) {
  if (response.destroyed) return false;
  if (response.write(piece)) return true;
  const settled = new AbortController();
  const { signal } = settled;
  const waits = ['drain', 'close'].map((event) => once(response, event, { signal }));
  await Promise.race(waits).catch(() => {});
  // The wait that lost must not stay behind as a listener.
  settled.abort();
  await Promise.allSettled(waits);
  return !response.destroyed;
}

/** A base URL that nothing listens at. */
export async function closedBase() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/v1`;
}
