// `cargo xtask bench`: what the built page costs, beside a bare page that only appends text, and beside
// eventsource-parser. Prints tables, and writes them to BENCHMARKS.md.
//
//   node tests/bench/main.mjs [--runs 3] [--only decode,stream,…] [--quick]
//
//   --runs   how often each is measured; the median counts
//   --only   which parts: decode, stream, keys, long, load. Nothing is written then
//   --quick  leaves out the answers of 50,000 tokens. Nothing is written then
//
// Environment: CHROMIUM is the browser, DIST the built page, DECODE the folder of the decoder's wasm.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, totalmem } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { plainLink } from '../e2e/playground.mjs';
import { Endpoint } from '../endpoint/endpoint.mjs';
import { serveStatic } from '../static.mjs';
import { launch, median, Tab } from './chromium.mjs';
import { atOnce, paced } from './load.mjs';
import { LONG_CONVERSATION, press, watchPresses } from './presses.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const RUNS = Number(values.runs);
const PER_SECOND = 2000;
const LENGTHS = values.quick ? [1000, 10_000] : [1000, 10_000, 50_000];
const LOADS = [
  { name: 'plain', alternatives: 0 },
  { name: '20 alternatives', alternatives: 20 },
];

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const endpoint = await new Endpoint().start();
const page = await serveStatic();
const own = await servePages();
const report = [];

/** The pages of this folder, the decoder's wasm and eventsource-parser, at one origin. */
async function servePages() {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
  const folders = {
    '/decode/': process.env.DECODE ?? file('../../target/bench'),
    '/eventsource-parser/': file('../node_modules/eventsource-parser/dist'),
    '/': file('pages'),
  };
  const server = createServer((request, response) => {
    const [prefix, folder] = Object.entries(folders).find(([start]) => request.url.startsWith(start));
    try {
      const bytes = readFileSync(join(folder, request.url.slice(prefix.length)));
      response.writeHead(200, { 'content-type': `${types[extname(request.url)]}; charset=utf-8` });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, close: () => server.close() };
}

/** Prints a table, and keeps it for the report. */
function table(title, words, head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const text = [`## ${title}`, '', words, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''];
  report.push(text.join('\n'));
  console.log(`\n${text.join('\n')}`);
}

const request = (alternatives) => ({
  model: 'synthetic',
  messages: [],
  stream: true,
  ...(alternatives > 0 ? { logprobs: true, top_logprobs: alternatives } : {}),
});

/** Presses Send and waits for the end of the run, without asking the page again and again. */
function sendAndWait(send) {
  const run = document.querySelector('[data-run-state]');
  return new Promise((resolve, reject) => {
    let begun = false;
    const observer = new MutationObserver(() => {
      const { runState } = run.dataset;
      if (['sending', 'streaming'].includes(runState)) begun = true;
      else if (begun) {
        observer.disconnect();
        if (runState === 'done') resolve();
        else reject(new Error(`the run ended as ${runState}`));
      }
    });
    observer.observe(run, { attributeFilter: ['data-run-state'] });
    document.querySelector(send).click();
  });
}

/** Finds the button that sends. */
const SEND = 'button[title^="Send the request"]';
const hasSend = (send) => document.querySelector(send) !== null;

const READERS = {
  /** The playground, with its tokens in colour beside the text where there are any. */
  async ours(tab, scenario, alternatives) {
    await tab.goto(`${page.origin}/${plainLink({ base: scenario.base, body: request(alternatives) })}`, hasSend, SEND);
    await tab.evaluate((send) => document.querySelector(send).focus(), SEND);
    return () => tab.evaluate(sendAndWait, SEND);
  },
  /** The floor. */
  async bare(tab, scenario, alternatives) {
    await tab.goto(`${own.origin}/bare.html`, () => window.run !== undefined);
    const url = `${scenario.base}/chat/completions`;
    return () => tab.evaluate((url, body) => window.run(url, body), url, request(alternatives));
  },
};

/** A first answer, which is not counted: a page draws its views with it. */
const short = (alternatives) => atOnce({ tokens: 50, alternatives });

async function withBrowser(work) {
  const browser = await launch();
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** The main thread's work and the longest frame of one answer, each the median of all runs. */
async function cost(reader, answer, alternatives, runs) {
  const all = [];
  let memory;
  for (let run = 0; run < runs; run += 1) {
    await withBrowser(async (browser) => {
      const tab = await Tab.alone(browser);
      const scenario = endpoint.scenario([await short(alternatives), answer]);
      const go = await READERS[reader](tab, scenario, alternatives);
      await go();
      all.push(await tab.measure(go));
      memory = await tab.memory();
    });
  }
  return { worked: median(all.map((each) => each.worked)), longest: median(all.map((each) => each.longest)), memory };
}

const ms = (number, digits = 0) => number.toFixed(digits);
const frame = (number) => (number === 0 ? 'under 50' : ms(number));

async function decode() {
  const rows = [];
  await withBrowser(async (browser) => {
    for (const { name, alternatives } of LOADS) {
      const tokens = alternatives > 0 ? 5000 : 30_000;
      const scenario = endpoint.scenario(await atOnce({ tokens, perSecond: 0, alternatives }));
      const tab = await Tab.alone(browser);
      await tab.goto(`${own.origin}/decode.html`, () => window.measure !== undefined);
      const times = await tab.evaluate(
        (url, rounds) => window.measure(url, rounds),
        `${scenario.base}/chat/completions`,
        5 * RUNS,
      );
      const speed = (list) => {
        const taken = median(list);
        return [`${ms(times.bytes / taken / 1000)} MB/s`, `${ms((taken * 1000) / tokens, 2)} µs`];
      };
      rows.push([name, Math.round(times.bytes / tokens), ...speed(times.ours), ...speed(times.parser)]);
    }
  });
  table(
    'Decode and fold',
    'Bytes of a stream, in pieces of 16 KiB, to the text and the log probabilities that are kept of it: the record ' +
      'of a run as the page keeps it, beside `eventsource-parser` 3.1.1 with `JSON.parse`, in the same tab.',
    ['events', 'bytes each', 'ours', 'per event', 'eventsource-parser', 'per event'],
    rows,
  );
}

async function stream() {
  const rows = { paced: [], 'at once': [] };
  let memory;
  for (const { name, alternatives } of LOADS) {
    for (const tokens of LENGTHS) {
      const load = { tokens, alternatives };
      const answers = { paced: await paced(load, PER_SECOND), 'at once': await atOnce(load) };
      for (const [how, answer] of Object.entries(answers)) {
        const runs = tokens > 10_000 && how === 'paced' ? 1 : RUNS;
        const ours = await cost('ours', answer, alternatives, runs);
        const bare = await cost('bare', answer, alternatives, runs);
        if (alternatives > 0 && tokens === LENGTHS.at(-1) && how === 'paced') memory = { tokens, ours, bare };
        const per = (each) => ms((each.worked / tokens) * 1000);
        const row = [name, tokens, per(ours), per(bare), (ours.worked / bare.worked).toFixed(2)];
        rows[how].push([...row, frame(ours.longest), frame(bare.longest)]);
        console.log(how, ...rows[how].at(-1));
      }
    }
  }
  const head = ['events', 'tokens', 'ours, ms', 'bare page, ms', 'ratio', 'longest frame, ms', 'bare page, ms'];
  const words =
    'Milliseconds of main thread for 1,000 tokens, from Send until nothing is left to draw, in a page that has shown a short answer before. The bare page is ' +
    '`tests/bench/pages/bare.js`: it reads the same stream and appends its text once a frame, and does nothing else. ';
  table(
    `Streaming at ${PER_SECOND.toLocaleString('en')} tokens a second`,
    `${words}The goal with 20 alternatives, the token colours live, is a ratio of 1.5 and no frame over 50 ms.`,
    head,
    rows.paced,
  );
  table('The whole answer at once', `${words}The goal with 20 alternatives is a ratio of 3.`, head, rows['at once']);
  if (memory) {
    table(
      'Memory',
      `What the tab's process holds after an answer of ${memory.tokens.toLocaleString('en')} tokens with 20 alternatives, every byte of it kept.`,
      ['', 'MB'],
      [
        ['ours', ms(memory.ours.memory)],
        ['bare page, which keeps the text alone', ms(memory.bare.memory)],
      ],
    );
  }
}

async function keys() {
  const rows = await withBrowser(async (browser) => {
    const tab = await Tab.open(browser);
    const body = { ...request(0), messages: LONG_CONVERSATION, top_p: 0.5 };
    const base = endpoint.scenario(await atOnce({ tokens: 1, alternatives: 0 })).base;
    await tab.page.goto(`${page.origin}/${plainLink({ base, body })}`);
    const messages = tab.page.locator('[data-parameter="messages"]');
    await expect(messages.locator('[data-message]')).toHaveCount(200);
    await tab.page.evaluate(watchPresses);
    const places = {
      'the text of a message, the others folded': messages.locator('[data-message="197"] textarea').first(),
      'a parameter': tab.page.locator('[data-parameter="top_p"] input[type="text"]'),
      'the text of a message, all unfolded': messages.locator('[data-message="197"] textarea').first(),
    };
    const all = [];
    for (const [place, field] of Object.entries(places)) {
      if (place.includes('unfolded')) {
        await messages.getByRole('button', { name: 'Fold messages' }).click();
        await messages.getByRole('button', { name: 'Unfold messages' }).click();
      }
      await field.focus();
      await tab.page.keyboard.press('End');
      await tab.quiet();
      const took = await press(tab.page, '1', 40);
      all.push([place, ...[took.work, took.work95, took.paint, took.paint95].map((each) => ms(each, 1))]);
    }
    return all;
  });
  table(
    'A key press with 200 messages in the request',
    'Milliseconds from the key to the end of the next frame: the work in between, and all of the time, which ' +
      'has the wait for the frame in it. The goal is 16 ms of work.',
    ['in', 'work, median', 'work, p95', 'to the paint, median', 'p95'],
    rows,
  );
}

async function long() {
  const tokens = 20_000;
  const rows = await withBrowser(async (browser) => {
    const tab = await Tab.open(browser);
    const scenario = endpoint.scenario(await atOnce({ tokens, alternatives: 20 }));
    await (await READERS.ours(tab, scenario, 20))();
    const panel = tab.page.getByRole('tabpanel', { name: 'Tokens' });
    await expect(panel.locator(`[data-token="${tokens - 1}"]`)).toBeAttached({ timeout: 60_000 });
    const scroll = (selector) =>
      tab.page.evaluate(async (selector) => {
        const box = document.querySelector(selector);
        const step = (box.scrollHeight - box.clientHeight) / 120;
        if (box.scrollHeight < 4 * box.clientHeight) throw new Error(`${selector} has little to scroll through`);
        for (let at = 0; at <= 120; at += 1) {
          box.scrollTop = at * step;
          await new Promise(requestAnimationFrame);
        }
      }, selector);
    const all = [];
    const note = async (what, work) => {
      const { worked, longest } = await tab.measure(work);
      all.push([what, ms(worked), frame(longest)]);
    };
    await note('scroll the answer through', () => scroll('[data-run-state]'));
    await note('scroll the tokens in the text through', () => scroll('#inspect-tokens [data-colouring]'));
    await panel.getByRole('button', { name: 'Table' }).click();
    await note('scroll the table of tokens through', () => scroll('#inspect-tokens [role="group"][tabindex]'));
    await note('filter the table by text', () => panel.getByLabel('Tokens with this text').fill('model'));
    await note('filter the table by probability', () => panel.getByLabel('Probability below').fill('0.5'));
    await note('sort the table', () => panel.getByTitle('Sort by entropy').click());
    await tab.page.getByRole('tab', { name: 'Events' }).click();
    await note('scroll the log of events through', () => scroll('#inspect-events [role="list"]'));
    await note('filter the events by text', () => tab.page.getByLabel('Text in the events').fill('model19 '));
    return all;
  });
  table(
    `A finished answer of ${tokens.toLocaleString('en')} tokens with 20 alternatives each`,
    'Milliseconds of main thread and the longest frame. The goal is no frame over 50 ms.',
    ['', 'work, ms', 'longest frame, ms'],
    rows,
  );
}

/** Tells in the page when its controls stand and the main thread has turned idle. */
function watchStart() {
  const up = (found) => {
    if (!document.querySelector('[data-run-state]')) return;
    found?.disconnect();
    requestIdleCallback(() => {
      window.interactive = performance.now();
    });
  };
  new MutationObserver((_, observer) => up(observer)).observe(document, { childList: true, subtree: true });
}

async function load() {
  const times = [];
  const sizes = { raw: 0, brotli: 0 };
  for (let run = 0; run < 2 * RUNS + 1; run += 1) {
    await withBrowser(async (browser) => {
      const tab = await Tab.open(browser);
      await tab.page.addInitScript(watchStart);
      const bodies = [];
      tab.page.on('response', (response) => bodies.push(response.body().catch(() => Buffer.alloc(0))));
      await tab.page.goto(`${page.origin}/`);
      await tab.page.waitForFunction(() => window.interactive !== undefined);
      times.push(await tab.page.evaluate(() => window.interactive));
      if (run > 0) return;
      await tab.quiet();
      for (const body of await Promise.all(bodies)) {
        sizes.raw += body.length;
        sizes.brotli += brotliCompressSync(body).length;
      }
    });
  }
  table(
    'A cold load',
    'From the navigation to the moment when the controls stand and the main thread is idle, in a new browser with an empty ' +
      'cache; served by this machine without compression.',
    ['', ''],
    [
      ['interactive after', `${ms(median(times))} ms`],
      ['downloaded before anything is asked of the page', `${sizes.raw.toLocaleString('en')} bytes`],
      ['the same, brotli', `${sizes.brotli.toLocaleString('en')} bytes`],
    ],
  );
}

function machine(version) {
  const [cpu] = cpus();
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return [
    '# Benchmarks',
    '',
    '`cargo xtask bench` measures all of this in one run and writes this file. Each figure is the median of ' +
      `${RUNS} runs or more (of one for 50,000 tokens paced, which takes half a minute), each in a new browser. ` +
      'Work is time that the main thread itself ran, as Chromium counts it (`TaskDuration` in thread ticks), so that other ' +
      'programs on the machine do not count; times of frames are on the clock.',
    '',
    `Measured with Chromium ${version} (headless, no GPU) on ${cpus().length} cores of ${cpu.model.trim()}, ` +
      `${Math.round(totalmem() / 2 ** 30)} GB, at commit ${commit}.`,
    '',
  ].join('\n');
}

const PARTS = { decode, stream, keys, long, load };
const chosen = values.only?.split(',') ?? Object.keys(PARTS);
for (const part of chosen) await PARTS[part]();
if (!values.only && !values.quick) {
  const version = await withBrowser((browser) => browser.version());
  writeFileSync(file('../../BENCHMARKS.md'), `${machine(version)}\n${report.join('\n')}`);
  console.log('\nWritten to BENCHMARKS.md.');
}
await endpoint.close();
await page.close();
own.close();
