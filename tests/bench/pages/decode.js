// The same bytes read twice: by what the page reads them with, and by eventsource-parser with JSON.parse.

import { createParser } from '/eventsource-parser/index.js';
import start from '/decode/decode.js';

/** What the page hands over at once. */
const PIECE = 16 * 1024;

/** Text, and the entries of log probabilities: what a fold must keep at the least. */
function foldByParser(bytes) {
  const answer = { content: '', logprobs: [] };
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') return;
      const [choice] = JSON.parse(data).choices;
      if (choice === undefined) return;
      answer.content += choice.delta.content ?? '';
      if (choice.logprobs) answer.logprobs.push(...choice.logprobs.content);
    },
  });
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; at += PIECE) {
    parser.feed(decoder.decode(bytes.subarray(at, at + PIECE), { stream: true }));
  }
  return [answer.content.length, answer.logprobs.length];
}

window.measure = async (url, rounds) => {
  await start('/decode/decode_bg.wasm');
  const response = await fetch(url, { method: 'POST', body: '{}' });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const times = { ours: [], parser: [] };
  for (let round = 0; round < rounds; round += 1) {
    const readers = { ours: (all) => window.fold(all, PIECE), parser: foldByParser };
    const counts = {};
    for (const [name, read] of Object.entries(readers)) {
      const begun = performance.now();
      counts[name] = [...read(bytes)];
      times[name].push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (String(counts.ours) !== String(counts.parser)) throw new Error(JSON.stringify(counts));
  }
  return { bytes: bytes.length, ...times };
};
