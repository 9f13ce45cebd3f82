// Streams written by hand, for answers that no recording has.

import { setTimeout as sleep } from 'node:timers/promises';
import * as make from '../endpoint/answers.mjs';

/** One event. */
export const event = (value) => `data: ${JSON.stringify(value)}\n\n`;

/** An event with one choice. */
export const delta = (delta, { index = 0, finish = null, ...rest } = {}) =>
  event({ choices: [{ index, delta, finish_reason: finish, ...rest }] });

const END = 'data: [DONE]\n\n';

/** A whole stream of these events. */
export const streamOf = (events, parts = {}) => make.stream([...events, END].join(''), parts);

/** A stream of one choice whose content comes in these pieces, or is one text. */
export const say = (content, { finish = 'stop', parts = {}, ...rest } = {}) =>
  streamOf([...[content].flat().map((piece) => delta({ content: piece })), delta({}, { finish, ...rest })], parts);

/** A stream that waits: each step is events, or a function whose promise is waited for. */
export const steps = (all) =>
  make.stream('', {
    async *body() {
      for (const step of [...all, END]) {
        if (typeof step === 'function') await step();
        else yield new TextEncoder().encode(step);
      }
    },
  });

/** A gate for `steps`: `wait` is a step, `open` lets it pass. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { wait: () => Promise.race([opened, sleep(20_000)]), open };
}
