// The cards of `messages`: everything in a message can be seen, edited, moved and taken back, by
// pointer and by keyboard, and 200 of them stay fast.

import { LONG_CONVERSATION, press, watchPresses, words } from '../bench/presses.mjs';
import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const CALL = { id: 'call_a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } };
const THREE = [
  { role: 'system', content: 'one' },
  { role: 'user', content: 'two' },
  { role: 'assistant', content: 'three' },
];

/** Opens the page with these messages. */
async function open(playground, endpoint, messages) {
  const scenario = endpoint.scenario(make.recording('basic'));
  await playground.openFor(scenario, { model: 'tiny', messages, x: 1 });
  // What tells of the link comes with the rest of the program, and moves what is below it.
  await expect(playground.page.getByText('This request came from a link')).toBeVisible();
}

/** Waits until the body has these messages, and nothing else of it has changed. */
async function expectMessages(playground, messages) {
  await expect
    .poll(async () => JSON.parse(await playground.requestText()))
    .toEqual({ model: 'tiny', messages, x: 1 });
}

const contents = async (playground) =>
  JSON.parse(await playground.requestText()).messages.map((message) => message.content);

const box = (playground, name) => playground.parameter('messages').getByLabel(name, { exact: true });
const button = (playground, name) => playground.parameter('messages').getByRole('button', { name, exact: true });
const card = (playground, number) => playground.page.locator(`[data-message="${number - 1}"]`);
const text = (playground, number) => box(playground, `Text of message ${number}, messages[${number - 1}].content`);
/** The button of a change that a card offers, behind its plus. */
const more = async (playground, label, number) => {
  const plus = button(playground, `More for message ${number}`);
  if ((await plus.getAttribute('aria-expanded')) !== 'true') await plus.click();
  return button(playground, `${label}, message ${number}`);
};
const fold = (playground, number) => card(playground, number).locator('[data-act="fold"]');

test('role and text are written; an unknown role is kept', async ({ playground, endpoint }) => {
  await open(playground, endpoint, [{ role: 'critic', content: 'a', weight: 1 }, { content: null }]);
  await expect(box(playground, 'Role of message 1')).toHaveValue('critic');
  await text(playground, 1).fill('b\nc');
  await expectMessages(playground, [{ role: 'critic', content: 'b\nc', weight: 1 }, { content: null }]);
  await expect(text(playground, 2)).toHaveAttribute('placeholder', 'null');
  await box(playground, 'Role of message 1').selectOption('user');
  await box(playground, 'Role of message 2').selectOption('assistant');
  await expectMessages(playground, [
    { role: 'user', content: 'b\nc', weight: 1 },
    { content: null, role: 'assistant' },
  ]);
});

test('an area grows with its text', async ({ playground, endpoint }) => {
  await open(playground, endpoint, [{ role: 'user', content: 'a' }]);
  const height = () => text(playground, 1).evaluate((area) => area.getBoundingClientRect().height);
  const before = await height();
  await text(playground, 1).fill('a\n'.repeat(8));
  expect(await height()).toBeGreaterThan(before + 80);
});

test('a message is added in turn, duplicated, deleted and put back', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, THREE.slice(0, 2));
  await button(playground, 'Add message').click();
  await expect(text(playground, 3)).toBeFocused();
  await page.keyboard.type('three');
  await expectMessages(playground, THREE);
  await button(playground, 'Duplicate message 2').click();
  await expectMessages(playground, [THREE[0], THREE[1], THREE[1], THREE[2]]);
  await button(playground, 'Delete message 2').click();
  await expectMessages(playground, THREE);
  await button(playground, 'Delete message 1').click();
  await expectMessages(playground, THREE.slice(1));
  await expect(page.getByText('Message 1 deleted.', { exact: true }).first()).toBeVisible();
  await expect(button(playground, 'Undo deleting message 1')).toBeFocused();
  await page.keyboard.press('Enter');
  await expectMessages(playground, THREE);
  await expect(button(playground, 'Undo deleting message 1')).toHaveCount(0);
  await expect(text(playground, 1)).toBeFocused();
  // The history of the request knows it as well, and the line does not offer it twice then.
  await button(playground, 'Delete message 3').click();
  await expectMessages(playground, THREE.slice(0, 2));
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expectMessages(playground, THREE);
  await expect(button(playground, 'Undo deleting message 3')).toHaveCount(0);
});

test('buttons and keys move a message, and the focus goes along', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, THREE);
  await button(playground, 'Move up message 3').click();
  expect(await contents(playground)).toEqual(['one', 'three', 'two']);
  await expect(button(playground, 'Move up message 2')).toBeFocused();
  await button(playground, 'Move message 2').focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expectMessages(playground, THREE);
  await expect(button(playground, 'Move message 3')).toBeFocused();
  await expect(playground.parameter('messages').locator('[data-said]')).toHaveText('Message 2 is number 3 now.');
  await page.keyboard.press('Alt+ArrowDown');
  await expectMessages(playground, THREE);
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => contents(playground)).toEqual(['three', 'one', 'two']);
  await expect(button(playground, 'Move message 1')).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  expect(await contents(playground)).toEqual(['three', 'one', 'two']);
});

test('a card is dragged by its handle, and Escape leaves it', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, THREE);
  const middle = async (locator) => {
    const area = await locator.boundingBox();
    return [area.x + area.width / 2, area.y + area.height / 2, area.height];
  };
  const take = async (number) => {
    const [x, y] = await middle(button(playground, `Move message ${number}`));
    await page.mouse.move(x, y);
    await page.mouse.down();
  };
  const over = async (number, side) => {
    const [x, y, height] = await middle(card(playground, number));
    await page.mouse.move(x, y + (side * height) / 3, { steps: 4 });
  };
  await take(1);
  await over(3, 1);
  await expect(card(playground, 3)).toHaveAttribute('data-drop', 'after');
  await page.mouse.up();
  await expect.poll(() => contents(playground)).toEqual(['two', 'three', 'one']);
  await expect(page.locator('[data-drop], [data-dragged]')).toHaveCount(0);
  await take(3);
  await over(2, -1);
  await page.mouse.up();
  await expect.poll(() => contents(playground)).toEqual(['two', 'one', 'three']);
  await take(1);
  await over(3, 1);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(page.locator('[data-drop]')).toHaveCount(0);
  expect(await contents(playground)).toEqual(['two', 'one', 'three']);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a finger drags a card, and the page scrolls on under it', async ({ page, playground, endpoint }) => {
    const many = Array.from({ length: 16 }, (_, at) => ({ role: 'user', content: `${at + 1}` }));
    await open(playground, endpoint, many);
    const devtools = await page.context().newCDPSession(page);
    const touch = (type, ...touchPoints) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints });
    const middle = async (locator) => {
      const area = await locator.boundingBox();
      return { x: area.x + area.width / 2, y: area.y + area.height / 2 };
    };
    const handle = button(playground, 'Move message 1');
    await handle.scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, 300));
    const from = await middle(handle);
    // The page stays where it is while the handle takes the card along.
    await touch('touchStart', from);
    await touch('touchMove', { x: from.x, y: from.y + 20 });
    const second = await card(playground, 2).boundingBox();
    await touch('touchMove', { x: from.x, y: second.y + second.height - 8 });
    await expect(card(playground, 2)).toHaveAttribute('data-drop', 'after');
    expect(await page.evaluate(() => scrollY)).toBe(300);
    await touch('touchEnd');
    await expect.poll(async () => (await contents(playground)).slice(0, 3)).toEqual(['2', '1', '3']);
    // Held over the bar of Send, which lies over the list, it comes to the end.
    await touch('touchStart', await middle(button(playground, 'Move message 1')));
    await touch('touchMove', { x: 40, y: 500 });
    await touch('touchMove', { x: 40, y: 760 });
    await expect(card(playground, 16)).toHaveAttribute('data-drop', 'after', { timeout: 20_000 });
    await touch('touchEnd');
    await expect.poll(() => contents(playground)).toEqual(['1', ...many.slice(2).map((one) => one.content), '2']);
  });
});

test('a folded message is a line that says what it holds', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, [
    { role: 'user', content: [{ type: 'text', text: 'What is\nthis?' }, { type: 'image_url', image_url: { url: '' } }] },
    { role: 'assistant', content: null, tool_calls: [CALL] },
    5,
  ]);
  await expect(fold(playground, 1)).toHaveAttribute('aria-expanded', 'true');
  await fold(playground, 1).click();
  await expect(fold(playground, 1)).toHaveAccessibleName('Message 1 user What is this? [image]');
  await expect(card(playground, 1).getByRole('textbox')).toHaveCount(0);
  await button(playground, 'Fold messages').click();
  await expect(fold(playground, 2)).toHaveAccessibleName('Message 2 assistant f({"x":1})');
  await expect(fold(playground, 3)).toContainText('a number, not a message');
  // The fold goes along with its message.
  await fold(playground, 2).focus();
  await page.keyboard.press('Enter');
  await button(playground, 'Move up message 2').click();
  await expect(fold(playground, 1)).toHaveAttribute('aria-expanded', 'true');
  await expect(fold(playground, 2)).toHaveAttribute('aria-expanded', 'false');
  await button(playground, 'Delete message 1').click();
  await expect(fold(playground, 1)).toHaveAttribute('aria-expanded', 'false');
  await button(playground, 'Unfold messages').click();
  await expect(fold(playground, 1)).toHaveAttribute('aria-expanded', 'true');
});

test('a name is added and taken out', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, [{ role: 'user', content: 'a' }]);
  const name = box(playground, 'Name in message 1, messages[0].name');
  await expect(name).toHaveCount(0);
  await (await more(playground, 'Add name', 1)).click();
  await expect(name).toBeFocused();
  await page.keyboard.type('eve');
  await expectMessages(playground, [{ role: 'user', content: 'a', name: 'eve' }]);
  await button(playground, 'Remove messages[0].name').click();
  await expectMessages(playground, [{ role: 'user', content: 'a' }]);
});

test('text becomes parts and text again, and nothing is lost', async ({ page, playground, endpoint }) => {
  const before = [{ role: 'user', content: ' a\n“b” ', name: 'n' }];
  await open(playground, endpoint, before);
  await (await more(playground, 'As parts', 1)).click();
  await expectMessages(playground, [{ role: 'user', content: [{ type: 'text', text: ' a\n“b” ' }], name: 'n' }]);
  await (await more(playground, 'As text', 1)).click();
  await expectMessages(playground, before);
  await (await more(playground, 'As parts', 1)).click();
  await button(playground, 'Add text, message 1').click();
  await expect(box(playground, 'Text of part 2 of message 1, messages[0].content[1].text')).toBeFocused();
  await page.keyboard.type('more');
  const [one, two] = [{ type: 'text', text: ' a\n“b” ' }, { type: 'text', text: 'more' }];
  await expectMessages(playground, [{ ...before[0], content: [one, two] }]);
  // Two parts are no text.
  await expect(await more(playground, 'As text', 1)).toHaveCount(0);
  await button(playground, 'Move up part 2 of message 1').click();
  await expectMessages(playground, [{ ...before[0], content: [two, one] }]);
  await expect(button(playground, 'Move up part 1 of message 1')).toBeFocused();
  await button(playground, 'Move down part 1 of message 1').click();
  await expectMessages(playground, [{ ...before[0], content: [one, two] }]);
  await button(playground, 'Remove part 2 of message 1').click();
  await expectMessages(playground, [{ ...before[0], content: [one] }]);
});

test('an image comes from a file or a URL, with its size and a preview', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, [{ role: 'user', content: 'a' }]);
  await (await more(playground, 'As parts', 1)).click();
  await button(playground, 'Add image, message 1').click();
  const url = box(playground, 'URL of part 2 of message 1, messages[0].content[1].image_url.url');
  await expect(url).toBeFocused();
  const withUrl = (image_url) => [
    { role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image_url', image_url }] },
  ];
  // The page asks no other server: the fixture fails on a request to this one.
  await url.fill('https://elsewhere.example/a.png');
  await expectMessages(playground, withUrl({ url: 'https://elsewhere.example/a.png' }));
  await expect(card(playground, 1)).toContainText('not loaded here');
  await expect(card(playground, 1).locator('img')).toHaveCount(0);
  const file = box(playground, 'File for part 2 of message 1');
  await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') });
  await expectMessages(playground, withUrl({ url: `data:image/png;base64,${PIXEL}` }));
  const preview = page.getByAltText('Preview of part 2 of message 1');
  await expect(preview).toBeVisible();
  await expect.poll(() => preview.evaluate((image) => image.naturalWidth)).toBe(1);
  await expect(card(playground, 1)).toContainText('image/png, 70 bytes');
  const detail = box(playground, 'Detail of part 2 of message 1, messages[0].content[1].image_url.detail');
  await detail.fill('low');
  await expectMessages(playground, withUrl({ url: `data:image/png;base64,${PIXEL}`, detail: 'low' }));
  await detail.fill('');
  // A big one is told, not written into the box.
  await file.setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: Buffer.alloc(12_345) });
  await expect(card(playground, 1)).toContainText('image/png, 12.3 kB');
  await expect(url).toHaveValue('');
  await expectMessages(playground, withUrl({ url: `data:image/png;base64,${Buffer.alloc(12_345).toString('base64')}` }));
});

test('audio comes from a file, with its format and size', async ({ playground, endpoint }) => {
  await open(playground, endpoint, [{ role: 'user', content: [] }]);
  await button(playground, 'Add audio, message 1').click();
  const audio = (data, format) => [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data, format } }] }];
  await expectMessages(playground, audio('', 'wav'));
  const buffer = Buffer.alloc(2_000, 7);
  await box(playground, 'File for part 1 of message 1').setInputFiles({ name: 'a.mp3', mimeType: 'audio/mpeg', buffer });
  await expectMessages(playground, audio(buffer.toString('base64'), 'mp3'));
  await expect(card(playground, 1)).toContainText('2.0 kB');
  await box(playground, 'Format of part 1 of message 1, messages[0].content[0].input_audio.format').fill('wav');
  await expectMessages(playground, audio(buffer.toString('base64'), 'wav'));
});

test('what has no box is JSON, and text that is no JSON is kept', async ({ playground, endpoint }) => {
  const part = { type: 'video_url', video_url: { url: 'x' } };
  const messages = [{ role: 'user', content: [part], extra: { a: 1 } }, 5, { role: 'user', content: 7 }];
  await open(playground, endpoint, messages);
  const other = box(playground, 'messages[0].content[0] as JSON');
  await other.fill('{"type": "video_url", "video_url": {"url": "y", "n": 1.50}}');
  await expect.poll(() => playground.requestText()).toContain('1.50');
  await other.fill('{"type": ');
  await expect(playground.parameter('messages')).toHaveAttribute('data-state', 'problem');
  await expect(card(playground, 1)).toContainText('Not valid JSON. Line 1, column');
  await expect(other).toHaveValue('{"type": ');
  await expect.poll(() => playground.requestText()).toContain('1.50');
  await other.fill('');
  await expect.poll(() => playground.requestText()).toContain('1.50');
  await other.fill(JSON.stringify(part));
  await box(playground, 'messages[0].extra as JSON').fill('[1]');
  await box(playground, 'messages[1] as JSON').fill('{"role": "user", "content": "now"}');
  await expect(text(playground, 2)).toHaveValue('now');
  await box(playground, 'messages[2].content as JSON').fill('"text"');
  await expect(text(playground, 3)).toHaveValue('text');
  await button(playground, 'Remove messages[0].extra').click();
  await expectMessages(playground, [
    { role: 'user', content: [part] },
    { role: 'user', content: 'now' },
    { role: 'user', content: 'text' },
  ]);
});

test('an assistant calls functions, and a tool message answers one of them', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, [{ role: 'assistant', content: null }]);
  await (await more(playground, 'Add tool call', 1)).click();
  const name = box(playground, 'Function of call 1 of message 1, messages[0].tool_calls[0].function.name');
  await expect(name).toBeFocused();
  await page.keyboard.type('get_weather');
  await box(playground, 'Id of call 1 of message 1, messages[0].tool_calls[0].id').fill('c1');
  const given = box(playground, 'Arguments of call 1 of message 1, messages[0].tool_calls[0].function.arguments');
  await given.fill('{"city": ');
  await expect(card(playground, 1).locator('[data-wrong]')).toContainText('Not valid JSON. Line 1');
  const call = (text) => ({ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: text } });
  const assistant = (text) => ({ role: 'assistant', content: null, tool_calls: [call(text)] });
  await expectMessages(playground, [assistant('{"city": ')]);
  await given.fill('{"city": "Ulm"}');
  await expect(card(playground, 1).locator('[data-wrong]')).toHaveText('');
  await button(playground, 'Add message').click();
  await expect(box(playground, 'Role of message 2')).toHaveValue('tool');
  const id = box(playground, 'Id of the call that message 2 answers, messages[1].tool_call_id');
  await expect(id).toHaveValue('c1');
  await id.focus();
  await expect(page.locator('#earlier-calls option')).toHaveCount(1);
  await expect(page.locator('#earlier-calls option')).toHaveAttribute('value', 'c1');
  await id.fill('');
  await expectMessages(playground, [assistant('{"city": "Ulm"}'), { role: 'tool', content: '' }]);
  await id.fill('c2');
  await expectMessages(playground, [assistant('{"city": "Ulm"}'), { role: 'tool', content: '', tool_call_id: 'c2' }]);
  await (await more(playground, 'Add tool call', 1)).click();
  await button(playground, 'Remove call 1 of message 1').click();
  await button(playground, 'Remove call 1 of message 1').click();
  await expectMessages(playground, [
    { role: 'assistant', content: null },
    { role: 'tool', content: '', tool_call_id: 'c2' },
  ]);
});

test('the list as JSON keeps what is typed, and the cards keep the last valid state', async ({ page, playground, endpoint }) => {
  await open(playground, endpoint, THREE.slice(0, 1));
  const tab = (name) => playground.parameter('messages').getByRole('tab', { name, exact: true });
  await tab('Cards').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab('JSON')).toBeFocused();
  const json = box(playground, 'messages as JSON').and(page.locator('textarea'));
  expect(JSON.parse(await json.inputValue())).toEqual(THREE.slice(0, 1));
  await json.fill('[{"role": "user", "content": "b", "n": 1.50}]');
  await expect.poll(() => playground.requestText()).toContain('1.50');
  await json.fill('[{"role":\n oops');
  await expect(playground.parameter('messages')).toContainText('Line 2, column 2');
  await tab('Cards').click();
  await expect(text(playground, 1)).toHaveValue('b');
  await tab('JSON').click();
  await expect(json).toHaveValue('[{"role":\n oops');
  await json.fill(JSON.stringify(THREE));
  await expectMessages(playground, THREE);
  await tab('Cards').click();
  await expect(text(playground, 3)).toHaveValue('three');
});

test('what is no list is told, kept and edited as JSON', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  await playground.openFor(scenario, { model: 'tiny', messages: 5, x: 1 });
  const section = playground.parameter('messages');
  await expect(section).toContainText('This is a number, not a list of messages');
  await expect(button(playground, 'Add message')).toBeHidden();
  const json = section.locator('textarea').and(page.getByLabel('messages as JSON'));
  await expect(json).toHaveValue('5');
  await json.fill('{"role": "user"}');
  await expect(section).toContainText('This is an object');
  await json.fill('[]');
  await expect(button(playground, 'Add message')).toBeVisible();
  await button(playground, 'Add message').click();
  await expectMessages(playground, [{ role: 'user', content: '' }]);
  await playground.json.fill('{"model": "tiny", "x": 1}');
  await expect(section).toHaveAttribute('data-state', /unset|problem/);
  await button(playground, 'Add message').click();
  await expectMessages(playground, [{ role: 'user', content: '' }]);
});

const EVERYTHING = [
  { role: 'system', content: 'folded' },
  {
    role: 'user',
    name: 'eve',
    extra: 1,
    content: [
      { type: 'text', text: 'a', mark: 1 },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
      { type: 'image_url', image_url: { url: 'https://elsewhere.example/a.png' } },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      { type: 'video_url' },
    ],
  },
  { role: 'assistant', content: null, tool_calls: [{ ...CALL, function: { name: 'f', arguments: '{' } }, 1] },
  { role: 'tool', content: 'b', tool_call_id: 'call_a' },
  5,
];

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1600]) {
    test.describe(`${colorScheme} ${width}`, () => {
      test.use({ colorScheme, viewport: { width, height: 1000 } });

      test('axe finds nothing in messages of every kind', async ({ playground, endpoint }) => {
        await open(playground, endpoint, EVERYTHING);
        await fold(playground, 1).click();
        await button(playground, 'Delete message 5').click();
        await more(playground, 'Add name', 3);
        await card(playground, 2).hover();
        await box(playground, 'messages[1].extra as JSON').fill('{');
        expect(await axeFindings(playground.page)).toEqual([]);
        await playground.parameter('messages').getByRole('tab', { name: 'JSON', exact: true }).click();
        expect(await axeFindings(playground.page)).toEqual([]);
        const sticksOut = await playground.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect(sticksOut).toBe(false);
      });
    });
  }
}

test('a long conversation begins folded, and a key press in it paints in time', { tag: '@alone' }, async ({ page, playground, endpoint }) => {
  test.setTimeout(120_000);
  await open(playground, endpoint, LONG_CONVERSATION);
  await expect(playground.parameter('messages').locator('[data-act="fold"][aria-expanded="true"]')).toHaveCount(4);
  await expect(playground.parameter('messages').locator('[data-message] textarea')).toHaveCount(4);
  await page.evaluate(watchPresses);
  for (const state of ['folded', 'unfolded']) {
    if (state === 'unfolded') {
      await button(playground, 'Fold messages').click();
      await button(playground, 'Unfold messages').click();
      await expect(playground.parameter('messages').locator('[data-message] textarea')).toHaveCount(200);
    }
    await text(playground, 198).focus();
    await press(page, 'a', 5);
    const took = await press(page, 'a', 40);
    const typed = 'a'.repeat(state === 'folded' ? 45 : 90);
    await expect.poll(async () => (await contents(playground))[197]).toContain(typed);
    const line = words(`one of 200 ${state} messages`, took);
    test.info().annotations.push({ type: 'key press', description: line });
    console.log(line);
    // All that the main thread does for a press, whatever else the machine is busy with.
    expect(took.cpu95).toBeLessThan(16);
  }
});
