// Streams to measure with, made beforehand, so that making them costs nothing while they are read.

import { setTimeout as sleep } from 'node:timers/promises';
import { stream, synthetic } from '../endpoint/answers.mjs';

/** The events of a load, each as bytes. */
async function eventsOf(options) {
  const pieces = [];
  for await (const piece of synthetic({ ...options, perSecond: Infinity }).body()) pieces.push(piece);
  return pieces;
}

/** All of a load at once. */
export async function atOnce(options) {
  return stream(Buffer.concat(await eventsOf(options)));
}

/** A load at a number of tokens a second, written every 4 ms. */
export async function paced(options, perSecond) {
  const pieces = await eventsOf(options);
  async function* body() {
    const begun = performance.now();
    let sent = 0;
    while (sent < pieces.length) {
      await sleep(4);
      const due = Math.ceil(((performance.now() - begun) / 1000) * perSecond);
      if (due > sent) yield Buffer.concat(pieces.slice(sent, due));
      sent = Math.max(sent, Math.min(due, pieces.length));
    }
  }
  return stream('', { body });
}
