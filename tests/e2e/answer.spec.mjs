// How an answer is read: raw or rendered, one choice or several, with thoughts, calls and verdicts; and
// that nothing a model can write does more than be read.

import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO } from './playground.mjs';
import { delta, event, gate, say, steps, streamOf } from './streams.mjs';

const look = (page, name) =>
  page.getByRole('group', { name: 'Show the answer as' }).getByRole('button', { name, exact: true });
const rendered = (playground, index = 0) => playground.choice(index).locator('[data-view="rendered"]');

/** Sends what a scenario answers, and gives the exact text of the first choice. */
async function ask(playground, endpoint, answer, body = HELLO) {
  const scenario = endpoint.scenario(answer);
  await playground.openFor(scenario, body);
  await playground.sendAndFinish(scenario);
  return scenario;
}

const MARKDOWN = (origin) =>
  [
    '# Title',
    '',
    '### Far below',
    '',
    'A *b* **c** ~~d~~ `e` <b onclick="window.__hit=1">f</b> <script>window.__hit=1</script>',
    '',
    '<img src=x onerror="window.__hit=1">',
    '',
    '- one',
    '- [x] two',
    '',
    '7. seven',
    '',
    '| a | b |',
    '|---|--:|',
    '| 1 | 2 |',
    '',
    '```js',
    'let x = "<i>";',
    '```',
    '',
    '> said',
    '',
    '[good](https://a.test/x) [mail](mailto:a@b.test) [bad](javascript:window.__hit=1) [own](/path) [data](data:text/html,x)',
    '',
    `[![pixel](${origin}/s0/pixel.png)](https://a.test) ![no](data:image/svg+xml,x)`,
  ].join('\n');

test('raw is what came, rendered is nodes, and neither runs or loads anything', async ({ page, playground, endpoint }) => {
  const text = MARKDOWN(endpoint.origin);
  const asked = [];
  page.on('request', (request) => {
    if (request.url().includes('pixel')) asked.push(request.headers());
  });
  await ask(playground, endpoint, say(text.match(/[^]{1,7}/g)));
  await expect(look(page, 'Raw')).toHaveAttribute('aria-pressed', 'true');
  await expect(playground.content()).toBeVisible();
  expect(await playground.content().textContent()).toBe(text);

  await look(page, 'Rendered').click();
  const view = rendered(playground);
  await expect(view.getByRole('heading', { name: 'Title' })).toHaveAttribute('aria-level', '3');
  await expect(view.getByRole('heading', { name: 'Far below' })).toHaveAttribute('aria-level', '4');
  await expect(view.locator('em')).toHaveText('b');
  await expect(view.locator('ol')).toHaveAttribute('start', '7');
  await expect(view.getByRole('checkbox', { name: 'done' })).toBeChecked();
  await expect(view.getByRole('table').getByRole('cell', { name: '2' })).toBeVisible();
  await expect(view.locator('pre > code')).toHaveText('let x = "<i>";\n');
  await expect(view.locator('script, img, iframe, [onclick], [onerror]')).toHaveCount(0);
  await expect(view).toContainText('<script>window.__hit=1</script>');
  const links = await view.locator('a').evaluateAll((all) =>
    all.map((link) => [link.getAttribute('href'), link.rel, link.target, link.referrerPolicy]),
  );
  const safe = ['noopener noreferrer nofollow', '_blank', 'no-referrer'];
  expect(links).toEqual([['https://a.test/x', ...safe], ['mailto:a@b.test', ...safe], ['https://a.test', ...safe]]);

  await view.getByRole('button', { name: 'Copy the code' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('let x = "<i>";\n');
  expect(asked).toEqual([]);
  await view.getByRole('button', { name: /^Load image from 127/ }).click();
  await expect(view.locator('img')).toHaveAttribute('alt', 'pixel');
  await expect.poll(() => asked.length).toBe(1);
  expect(asked[0].referer ?? '').toBe('');

  // Hidden or not, the exact text is there; and the view is remembered.
  expect(await playground.content().textContent()).toBe(text);
  expect(await page.evaluate(() => window.__hit)).toBeUndefined();
  await ask(playground, endpoint, say('*x*'));
  await expect(rendered(playground).locator('em')).toHaveText('x');
});

test('while it streams only the open block is drawn again', async ({ page, playground, endpoint }) => {
  const [one, two, three] = [gate(), gate(), gate()];
  const scenario = endpoint.scenario(
    steps([delta({ content: 'first\n\n```py\na = 1\n' }), one.wait, delta({ content: 'b = 2\n' }), two.wait, delta({ content: '```\n\n- x\n- y' }), three.wait, delta({ content: '\n\n[q]: http://a.test' }, { finish: 'stop' })]),
  );
  await playground.openFor(scenario);
  await playground.send.click();
  await look(page, 'Rendered').click();
  const view = rendered(playground);
  const code = view.locator('pre > code');
  await expect(code).toHaveText('a = 1\n');
  await view.evaluate((node) => {
    const [first, frame] = node.firstElementChild.children;
    Object.assign(window, { first, frame, text: frame.querySelector('code').firstChild });
  });
  one.open();
  await expect(code).toHaveText('a = 1\nb = 2\n');
  two.open();
  await expect(view.locator('li')).toHaveText(['x', 'y']);
  expect(await page.evaluate(() => [window.first, window.frame, window.text].map((node) => node.isConnected))).toEqual([true, true, true]);
  three.open();
  await playground.reaches('done');
  await expect(view.locator('li')).toHaveText(['x', 'y']);
});

const HOSTILE = {
  'very long words': `${'Donaudampfschiff'.repeat(400)} ${'\u00ad'.repeat(50)}x`,
  'right to left': 'abc \u202e evil \u202c \u2067שלום עולם\u2069 مرحبا\nשורה',
  'zero width': 'a\u200b\u200d\ufeffb\u2060c \u0301\u0301\u0301'.repeat(40),
  'control characters': 'a\u0000b\u0007\u001b[31mc\u0085\u2028d\te\u007f',
  'white space': '\n\n  a\r\n\tb   \n\n\n',
  'markup': '</div></article><script>window.__hit=1</script><style>*{display:none}</style>&lt;&#0;',
  'a million letters in one line': 'x'.repeat(1_000_000),
  'a million letters of nesting': '>'.repeat(500_000) + '['.repeat(500_000),
};

test('hostile text is shown as it came, in every view, and breaks nothing', async ({ page, playground, endpoint }) => {
  test.setTimeout(120_000);
  let opened = false;
  for (const [what, text] of Object.entries(HOSTILE)) {
    await test.step(what, async () => {
      const pieces = text.length > 10_000 ? text.match(/[^]{1,40000}/g) : [...text];
      const scenario = endpoint.scenario(say(pieces, { parts: { chunk: 65_536 } }));
      if (opened) await playground.followFor(scenario);
      else await playground.openFor(scenario);
      opened = true;
      await playground.sendAndFinish(scenario, 30_000);
      const same = async (view) => expect((await playground.content().textContent()) === text, `${what}, ${view}`).toBe(true);
      await same('raw');
      await page.getByRole('button', { name: 'White space' }).click();
      await expect.poll(async () => (await playground.content().textContent()) === text, { message: `${what} with signs` }).toBe(true);
      await page.getByRole('button', { name: 'White space' }).click();
      await look(page, 'Rendered').click();
      await expect(rendered(playground)).not.toBeEmpty();
      await same('rendered');
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits`).toBe(true);
      await look(page, 'Raw').click();
    });
  }
  expect(await page.evaluate(() => window.__hit)).toBeUndefined();
});

test('white space gets signs that are no part of the text', async ({ page, playground, endpoint }) => {
  await ask(playground, endpoint, say('a b\n\u200b'));
  await page.getByRole('button', { name: 'White space' }).click();
  const signs = playground.content().locator('[data-sign]');
  expect(await signs.evaluateAll((all) => all.map((one) => one.dataset.sign))).toEqual(['·', '↵', '‹U+200B›']);
  expect(await signs.first().evaluate((one) => getComputedStyle(one, '::before').content)).toBe('"·"');
});

/** Where each word of a text begins on the screen. */
const places = (text, words) =>
  text.evaluate((node, words) => {
    const nodes = [];
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) nodes.push(walk.currentNode);
    return words.map((word) => {
      const held = nodes.find((one) => one.data.includes(word));
      const range = document.createRange();
      range.setStart(held, held.data.indexOf(word));
      range.setEnd(held, held.data.indexOf(word) + word.length);
      return Math.round(range.getBoundingClientRect().left);
    });
  }, words);
const inOrder = (all) => all.every((place, at) => at === 0 || place > all[at - 1]);

test('an override turns its own line around and no other text, and with a sign it turns nothing', async ({ page, playground, endpoint }) => {
  const text = 'one \u202e two three\nfour five \u2067 six\nseven';
  const given = 'zero \u202e nought ';
  const messages = [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: given }];
  await ask(playground, endpoint, say(text), { ...HELLO, messages, continue_final_message: true, add_generation_prompt: false });
  const content = playground.content();
  const exact = async () => expect(await content.textContent()).toBe(text);
  await expect(playground.choice().locator('[data-part="given"]')).toHaveText(given);
  await exact();
  // What was given ends before the answer goes on in its line.
  expect(inOrder(await places(playground.choice(), ['zero', 'one']))).toBe(true);
  expect(inOrder(await places(content, ['two', 'three']))).toBe(false);
  expect(inOrder(await places(content, ['four', 'five', 'six']))).toBe(true);
  await page.getByRole('button', { name: 'White space' }).click();
  await expect(content.locator('[data-sign="‹U+202E›"]')).toHaveCount(1);
  expect(inOrder(await places(content, ['one', 'two', 'three']))).toBe(true);
  expect(inOrder(await places(content, ['four', 'five', 'six']))).toBe(true);
  await exact();
  await page.getByRole('button', { name: 'Copy the content of choice 0' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(given + text);
});

for (const [width, lines] of [
  [390, 2],
  [1024, 1],
  [1600, 1],
]) {
  test(`at ${width} pixels the toolbar of three choices takes ${lines} ${lines === 1 ? 'line' : 'lines'}`, async ({ page, playground, endpoint }) => {
    await page.setViewportSize({ width, height: 900 });
    const choice = (index) => ({ index, message: { role: 'assistant', content: `Answer ${index}.` }, finish_reason: 'stop' });
    await ask(playground, endpoint, make.json({ choices: [0, 1, 2].map(choice) }), { ...HELLO, n: 3 });
    if (width < 900) await playground.pane('Answer').click();
    const middles = [];
    for (const name of ['Raw', 'Rendered', 'Tabs', 'Side by side', 'White space', 'Regenerate', 'Save the answer as JSON', 'Save the raw bytes as they came']) {
      const box = await page.getByRole('button', { name, exact: true }).boundingBox();
      middles.push(Math.round(box.y + box.height / 2));
    }
    expect(new Set(middles).size).toBe(lines);
  });
}

test('eight choices, interleaved, several tokens at a time, with fields missing and fields too many', async ({ page, playground, endpoint }) => {
  const texts = Array.from({ length: 8 }, (_, index) => `choice ${index}: ${'word '.repeat(20 + index)}`);
  const events = [event({ choices: [] }), event({}), event({ choices: [{ index: 7 }], surprise: { a: [1] } })];
  for (let at = 0; at < 200; at += 16) {
    const part = (index) => ({ index, delta: { content: texts[index].slice(at, at + 16), odd: at }, extra: null });
    for (let pair = 0; pair < 4; pair += 1) events.push(event({ choices: [part(7 - pair), part(pair)] }));
  }
  for (let index = 0; index < 8; index += 1) {
    const finish = ['stop', 'length', 'content_filter', 'sleepy'][index % 4];
    events.push(delta({}, { index, finish, stop_reason: index === 4 ? '\n' : null }));
  }
  await ask(playground, endpoint, streamOf(events), { ...HELLO, n: 8, max_tokens: 9 });
  const shown = await playground.shown();
  expect(Object.values(shown.choices).map(({ content }) => content)).toEqual(texts);
  const words = ['end token', 'max_tokens 9 was reached', 'content filter', 'no reason that the documentation knows', 'the stop string “\\n” ended it'];
  for (const [index, says] of words.entries()) await expect(playground.choice(index)).toContainText(says);
  // At this width they stand side by side.
  for (const index of [0, 1]) await expect(playground.content(index)).toBeVisible();

  await page.getByRole('button', { name: 'Tabs', exact: true }).click();
  const tabs = page.getByRole('tablist', { name: 'Choices' }).getByRole('tab');
  await expect(tabs).toHaveCount(8);
  await expect(tabs.nth(1)).toHaveText('Choice 1length');
  await expect(playground.content(0)).toBeVisible();
  await expect(playground.content(1)).toBeHidden();
  await tabs.first().press('ArrowLeft');
  await expect(tabs.nth(7)).toBeFocused();
  await expect(page.getByRole('tabpanel', { name: /^Choice 7/ })).toContainText('choice 7: word');
  expect((await playground.shown()).choices[3].content).toBe(texts[3]);
});

test('thoughts are folded with their count and time, apart or between tags', async ({ page, playground, endpoint }) => {
  const [one, two] = [gate(), gate()];
  const scenario = endpoint.scenario(
    steps([
      delta({ reasoning_content: 'hm' }), one.wait, delta({ reasoning_content: ' so' }), delta({ content: '<think>' }), delta({ content: 'in' }), two.wait,
      delta({ content: 'side' }), delta({ content: '</think>\n\nSaid' }), delta({}, { finish: 'stop' }),
    ]),
  );
  await playground.openFor(scenario);
  await playground.send.click();
  const apart = playground.choice().locator('[data-part="reasoning"]');
  await expect(apart).toHaveText('hm', { useInnerText: false });
  await expect(apart).toBeHidden();
  await page.waitForTimeout(100);
  one.open();
  await page.waitForTimeout(30);
  two.open();
  await playground.reaches('done');
  await expect(page.locator('[data-amount="reasoning"]')).toHaveText(/^≈ 2 tokens · [1-9]\d{2,} ms$/);
  await playground.choice().locator('summary', { hasText: 'Reasoning' }).click();
  await expect(apart).toBeVisible();
  expect(await playground.content().textContent()).toBe('<think>inside</think>\n\nSaid');
  await expect(page.locator('[data-amount="inline"]')).toHaveText(/≈ 2 tokens · \d+ ms/);
  await look(page, 'Rendered').click();
  const fold = rendered(playground).locator('details');
  await expect(fold.locator('summary')).toHaveText(/Thoughts in the content≈ 2 tokens · \d+ ms/);
  await expect(rendered(playground).locator('p')).toHaveText('Said');

  const other = streamOf([delta({ reasoning: 'new name' }), delta({ refusal: 'I will not.' }), delta({}, { finish: 'stop' })]);
  await ask(playground, endpoint, other);
  const { reasoning, refusal } = (await playground.shown()).choices[0];
  expect({ reasoning, refusal }).toEqual({ reasoning: 'new name', refusal: 'I will not.' });
});

test('an answer in JSON is pretty-printed and folds', async ({ page, playground, endpoint }) => {
  const text = '{"a":1.0,"b":[true,{"c":"\\u00e9 <i>"}],"b":{}}';
  await ask(playground, endpoint, say(text.match(/.{1,5}/g)));
  await look(page, 'Rendered').click();
  const view = rendered(playground);
  expect((await view.textContent()).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  const list = view.locator('summary', { hasText: '"b": [' });
  await expect(view.getByText('"c"')).toBeVisible();
  await list.press('Enter');
  await expect(view.getByText('"c"')).toBeHidden();
  expect(await list.evaluate((node) => getComputedStyle(node, '::after').content)).toBe('" 2 items ],"');
});

test('a structured answer is held against what was asked for', async ({ page, playground, endpoint }) => {
  const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
  const cases = [
    [{ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } }, '{"age": 3}', 'match', 'It is JSON that fits the schema'],
    [{ guided_json: schema }, '{"age": "3"}', 'mismatch', '$.age'],
    [{ response_format: { type: 'json_object' } }, '{"age"', 'mismatch', 'no JSON'],
    [{ guided_regex: '[a-c]+\\d' }, 'abc4', 'match', 'It is text that matches the pattern'],
    [{ guided_regex: '[a-c]+' }, 'abcd', 'mismatch', 'does not match'],
    [{ guided_regex: '(?P<x>a)' }, 'a', 'unknown', 'This browser cannot use'],
    [{ guided_choice: ['yes', 'no'] }, 'maybe', 'mismatch', 'none of the 2 choices'],
  ];
  await playground.open();
  for (const [asked, content, verdict, words] of cases) {
    const scenario = endpoint.scenario(say(content));
    await playground.followFor(scenario, { ...HELLO, ...asked });
    await playground.sendAndFinish(scenario);
    await expect(page.locator('[data-verdict]'), JSON.stringify(asked)).toHaveAttribute('data-verdict', verdict);
    await expect(page.locator('[data-verdict]')).toContainText(words);
  }
});

test('a pattern that goes astray is given up, and the page works on meanwhile', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(say(`${'a'.repeat(40)}!`));
  const tool = { type: 'function', function: { name: 'f', parameters: { properties: { b: { pattern: '^b' } } } } };
  const other = endpoint.scenario(streamOf([delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{"b":"a"}' } }] }), delta({}, { finish: 'tool_calls' })]));
  await playground.openFor(scenario, { ...HELLO, guided_regex: '(a+)+' });
  const version = await page.locator('meta[name="playground-worker"]').getAttribute('content');
  const worker = page.waitForEvent('worker', (worker) => worker.url().endsWith(`/match-patterns.js?${version}`));
  await playground.sendAndFinish(scenario);
  await worker;
  // A page that tried it itself would not get to show this before it is through.
  await expect(page.getByText('Checking whether it is what the request asks for')).toBeVisible();
  await expect(page.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'unknown');
  await expect(page.locator('[data-verdict]')).toContainText('The pattern (a+)+ takes too long to check');
  // A worker that was ended is started again.
  await playground.followFor(other, { ...HELLO, tools: [tool] });
  await playground.sendAndFinish(other);
  await expect(page.locator('[data-fault]')).toHaveText('$.b: It does not match the pattern ^b.');
});

test('a long JSON is drawn as far as it is unfolded, and nothing of it is left out', async ({ page, playground, endpoint }) => {
  const list = Array.from({ length: 30_000 }, (_, index) => ({ id: index, of: ['a', { b: [index] }] }));
  const text = JSON.stringify(list);
  await ask(playground, endpoint, say(text, { parts: { chunk: 65_536 } }));
  await look(page, 'Rendered').click();
  const view = rendered(playground);
  await expect(view.locator('summary').first()).toHaveText('[');
  expect(await view.locator('*').count()).toBeLessThan(3_000);
  expect((await view.textContent()).replace(/\s/g, '') === text).toBe(true);
  await view.locator('summary[aria-label="items 20100 to 29999"]').press('Enter');
  await view.locator('summary[aria-label="items 20200 to 20299"]').press('Enter');
  await expect(view.getByText('20201', { exact: true }).first()).toBeVisible();
  expect((await view.textContent()).replace(/\s/g, '') === text).toBe(true);
});

test('what was given belongs to the text, and what has no place is named', async ({ page, playground, endpoint }) => {
  const messages = [...HELLO.messages, { role: 'assistant', content: 'Once upon ' }];
  const body = { ...HELLO, messages, continue_final_message: true, add_generation_prompt: false };
  await ask(playground, endpoint, say('a time', { audio: { id: 1 }, odd: null }), body);
  expect(await playground.content().textContent()).toBe('a time');
  await playground.choice().getByRole('button', { name: /^Copy the content/ }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('Once upon a time');
  await expect(playground.choice().locator('[data-unplaced]')).toHaveText('Also sent, and shown under Response: audio');
  await ask(playground, endpoint, say('Once upon a time'), { ...body, echo: true });
  await expect(playground.choice()).toContainText('Given up to Once upon , which the server repeats, as echo asks');
  expect(await playground.content().textContent()).toBe('Once upon a time');
});

test('what comes in pieces without a place is put together, and an answer without a choice is told', async ({ page, playground, endpoint }) => {
  const call = (piece) => delta({ function_call: piece });
  const pieces = [call({ name: 'look_up', arguments: '{"a"' }), call({ arguments: ':1}' })];
  await ask(playground, endpoint, streamOf(pieces));
  const shown = playground.choice().getByRole('region', { name: 'Call of look_up' });
  await expect(shown.locator('[data-part="function_call"]')).toHaveText(/"a":\s*1/);
  await expect(shown.locator('[data-part="function_call"]')).toBeHidden();
  await expect(shown.locator('details')).toHaveText(/"a":\s*1/);
  await page.getByRole('tab', { name: 'Response' }).click();
  const response = page.getByRole('group', { name: 'Response', exact: true });
  await expect(response).toContainText('"name": "look_up"');
  await expect(response).toContainText(JSON.stringify('{"a":1}'));
  await ask(playground, endpoint, streamOf([]));
  await expect(playground.run).toContainText('No choice came');
});

test('an error in the middle leaves what came before it', async ({ playground, endpoint }) => {
  const answer = streamOf([delta({ content: 'half a ' }), delta({ content: 'sentence' }), event({ error: { message: 'out of memory', code: 500 } })]);
  await ask(playground, endpoint, answer);
  await playground.reaches('failed');
  expect((await playground.shown()).choices[0]).toMatchObject({ content: 'half a sentence', finishReason: null });
  await expect(playground.error).toContainText('out of memory');
  await expect(playground.choice().getByRole('button', { name: 'Continue', exact: true })).toBeVisible();
});

for (const width of [1600, 390]) {
  test(`at ${width} pixels the end is followed until the reader leaves, and again when asked`, async ({ page, playground, endpoint }) => {
    await page.setViewportSize({ width, height: 800 });
    const line = (n) => delta({ content: `line ${n}\n`.repeat(60) });
    const [one, two, three] = [gate(), gate(), gate()];
    const scenario = endpoint.scenario(steps([line(0), line(1), one.wait, line(2), two.wait, line(3), three.wait, delta({}, { finish: 'stop' })]));
    await playground.openFor(scenario);
    await playground.send.click();
    // The column scrolls, or on a narrow screen the page.
    const read = (what) =>
      playground.run.evaluate((column, name) => {
        const node = innerWidth < 900 ? document.scrollingElement : column;
        return Math.round(name === 'top' ? node.scrollTop : node.scrollHeight - node.scrollTop - node.clientHeight);
      }, what);
    await expect(playground.content()).toContainText('line 1');
    await expect.poll(() => read('left')).toBeLessThan(3);
    await page.mouse.move(width === 390 ? 200 : 700, 300);
    await page.mouse.wheel(0, -600);
    await expect.poll(() => read('left')).toBeGreaterThan(300);
    const follow = page.getByRole('button', { name: 'Follow' });
    await expect(follow).toBeInViewport({ ratio: 1 });
    const top = await read('top');
    one.open();
    await expect(playground.content()).toContainText('line 2');
    expect(await read('top')).toBe(top);
    await follow.click();
    await expect.poll(() => read('left')).toBeLessThan(3);
    two.open();
    await expect(playground.content()).toContainText('line 3');
    await expect.poll(() => read('left')).toBeLessThan(3);
    await expect(follow).toBeHidden();
    three.open();
    await playground.reaches('done');
  });
}

test('axe finds nothing in a rendered answer, wide and narrow, light and dark', async ({ page, playground, endpoint }) => {
  test.setTimeout(120_000);
  const call = { index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":[1,{"b":2}]}' } };
  const events = [
    delta({ reasoning: 'Let me see.' }),
    delta({ content: MARKDOWN(endpoint.origin) }),
    delta({ tool_calls: [call] }),
    delta({ content: '<think>a</think>{"a":{"b":[1]}}' }, { index: 1 }),
    delta({}, { finish: 'tool_calls' }),
    delta({}, { index: 1, finish: 'length' }),
  ];
  await ask(playground, endpoint, streamOf(events), { ...HELLO, n: 2, response_format: { type: 'json_object' } });
  await playground.choice().locator('summary', { hasText: 'Reasoning' }).click();
  await look(page, 'Rendered').click();
  const found = new Set();
  for (const width of [1600, 390]) {
    await page.setViewportSize({ width, height: 900 });
    if (width === 390) await playground.pane('Answer').click();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.getByRole('button', { name: colorScheme === 'light' ? 'Tabs' : 'Side by side', exact: true }).click();
      for (const finding of await axeFindings(page)) found.add(`${width} ${colorScheme}: ${finding}`);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
  expect([...found]).toEqual([]);
});
