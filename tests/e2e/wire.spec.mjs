// What goes over the wire is what the page shows, and nothing else.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { withoutSpaces } from './naive.mjs';
import { HELLO, plainLink } from './playground.mjs';

const PICKY = `{"temperature":1.0,"zeta":1e-3,"seed":9007199254740993,"top_p":0.10,"big":1E400,"neg":-0,
"messages":[{"role":"user","content":"a  b\\n\\"c\\" \\u00e9 漢 🙂 \\/","name":"n"}],
"unknown_key":{"b":[1,  2.50],"a":null},"model":"tiny","stream":true,"0":"numeric key"}`;

test('the body keeps its order, its numbers and its unknown keys', async ({ playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario, PICKY);
  const { body } = await playground.sendAndFinish(scenario);
  expect(JSON.parse(body)).toEqual(JSON.parse(PICKY));
  const spelled = (text) => withoutSpaces(text).replaceAll('\\u00e9', 'é').replaceAll('\\/', '/');
  expect(spelled(body)).toBe(spelled(PICKY));
  expect(withoutSpaces(body)).toBe(withoutSpaces(await playground.requestText()));
});

// What a browser adds by itself, none of which makes a preflight ask for more.
const BROWSER_HEADERS =
  /^(host|connection|content-length|user-agent|accept|accept-encoding|accept-language|origin|pragma|cache-control|priority|sec-.*)$/;

for (const key of ['', 'sk-test']) {
  test(`only the headers that every server allows, ${key ? 'with' : 'without'} a key`, async ({ playground, endpoint }) => {
    const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
    await playground.openFor(scenario);
    if (key) await playground.key.fill(key);
    const { headers } = await playground.sendAndFinish(scenario);
    const own = Object.keys(headers).filter((name) => !BROWSER_HEADERS.test(name));
    expect(own.sort()).toEqual(key ? ['authorization', 'content-type'] : ['content-type']);
    expect(headers['content-type']).toBe('application/json');
    expect(headers.authorization).toBe(key ? `Bearer ${key}` : undefined);
    expect(headers.referer).toBeUndefined();
    const preflight = scenario.received.find(({ method }) => method === 'OPTIONS');
    expect(preflight.headers['access-control-request-headers']).toBe(
      key ? 'authorization,content-type' : 'content-type',
    );
    expect(preflight.headers.authorization).toBeUndefined();
  });
}

const SPELLINGS = {
  'as it is': (base) => base,
  'a slash at the end': (base) => `${base}/`,
  'the full path of the call': (base) => `${base}/chat/completions`,
  'the full path and a slash': (base) => `${base}/chat/completions/`,
  'no scheme': (base) => base.replace('http://', ''),
  'white space around it': (base) => `  ${base} \n`,
  'capitals in the scheme': (base) => base.replace('http', 'HTTP'),
};

for (const [what, spell] of Object.entries(SPELLINGS)) {
  test(`a base URL with ${what} goes to the right path`, async ({ playground, endpoint }) => {
    const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
    await playground.open(plainLink({ base: spell(scenario.base) }));
    const { path } = await playground.sendAndFinish(scenario);
    expect(path).toBe(`${scenario.path}/chat/completions`);
    expect(scenario.calls).toHaveLength(1);
  });
}

test('typing a base URL is as good as a link, and the final URL is shown', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.open(plainLink({ base: 'https://example.invalid/v1' }));
  await playground.base.fill(`${scenario.base}/`);
  await expect(page.getByText(`${scenario.base}/chat/completions`).first()).toBeAttached();
  await playground.sendAndFinish(scenario);
});

for (const [what, base] of [
  ['nothing', ''],
  ['another scheme', 'ftp://example.org/v1'],
  ['a password in it', 'https://me:secret@example.org/v1'],
  ['an impossible port', 'http://127.0.0.1:99999/v1'],
  ['a space inside', 'http://exa mple.org'],
]) {
  test(`a base URL of ${what} is refused in words, and nothing is sent`, async ({ page, playground }) => {
    await playground.open();
    await playground.base.fill(base);
    await expect(playground.base).toHaveAttribute('aria-invalid', 'true');
    await expect(playground.base).toHaveAccessibleDescription(/\S.{10,}/);
    const requests = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.keyboard.press('Control+Enter');
    await expect(playground.run).toHaveAttribute('data-run-state', 'idle');
    expect(requests).toEqual([]);
  });
}

test('opening the page sends nothing but for the page’s own files', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(scenario, HELLO);
  await page.waitForTimeout(1000);
  expect(scenario.calls).toHaveLength(0);
  expect(await playground.state()).toBe('idle');
});
