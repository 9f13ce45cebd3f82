// The built-in endpoint over HTTP, started for a test: a real server with a real model.
//
// The program is what the environment variable ENDPOINT names, or where `cargo xtask endpoint` leaves it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = process.env.ENDPOINT ?? fileURLToPath(new URL('../../target/debug/endpoint', import.meta.url));
const MAX_WAIT_MS = 10_000;

/** The one model that it has. */
export const MODEL = 'playground-tiny';

/** A running endpoint. */
class LiveEndpoint {
  #child;

  constructor(child, origin) {
    this.#child = child;
    this.origin = origin;
    /** The base URL to give a client. */
    this.base = `${origin}/v1`;
  }

  /** How many answers are being made, and how many tokens were made since the start. */
  async metrics() {
    const text = await (await fetch(`${this.origin}/metrics`)).text();
    const value = (name) => Number(text.match(new RegExp(`^${name}\\{.*\\} (.+)$`, 'm'))[1]);
    return { running: value('vllm:num_requests_running'), tokens: value('vllm:generation_tokens_total') };
  }

  /** Waits until so many answers are being made, and gives the metrics of then. */
  async runs(count, withinMs = MAX_WAIT_MS) {
    for (const end = performance.now() + withinMs; performance.now() < end; await sleep(20)) {
      const metrics = await this.metrics();
      if (metrics.running === count) return metrics;
    }
    throw new Error(`the endpoint did not come to ${count} answers within ${withinMs} ms`);
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}

/**
 * Starts the endpoint at any free port.
 * @param {object} [options]
 * @param {string} [options.key] the only key that it takes
 * @param {number} [options.pace] the most tokens a second that it makes for an answer
 */
export async function startEndpoint(options = {}) {
  if (!existsSync(PROGRAM)) {
    throw new Error(`There is no endpoint at ${PROGRAM}. Run \`cargo xtask endpoint\` once, which builds it.`);
  }
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(PROGRAM, ['--port', '0', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the endpoint ended with ${code} before it listened`);
  });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  ended.catch(() => {});
  return new LiveEndpoint(child, line.match(/http:\/\/[\d.]+:\d+/)[0]);
}
