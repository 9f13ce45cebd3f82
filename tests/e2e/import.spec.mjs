// Bringing a request in: whatever is pasted or dropped says what it was understood as before it replaces
// anything, a key goes to its own origin alone, and all of it can be undone.

import * as make from '../endpoint/answers.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO } from './playground.mjs';

const SECRET = 'sk-secret-4711';
const button = (page, name) => page.getByRole('button', { name, exact: true });
const box = (page) => page.getByLabel('A request in any form, to import');
const told = (page) => page.locator('#import-told');
const requestOf = async (playground) => JSON.parse(await playground.requestText());

const opener = (page) => button(page, 'Import a request');

async function openImport(page) {
  if ((await opener(page).getAttribute('aria-expanded')) !== 'true') await opener(page).click();
  await expect(box(page)).toBeFocused();
}

/** Pastes into what has the focus, as a person would who copied it elsewhere. */
async function paste(page, text) {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('ControlOrMeta+v');
}

/** A file over the page, dropped where a selector leads. */
async function dropFile(page, target, name, content) {
  const data = await page.evaluateHandle(
    ([called, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], called));
      return transfer;
    },
    [name, content],
  );
  await target.dispatchEvent('dragover', { dataTransfer: data });
  await target.dispatchEvent('drop', { dataTransfer: data });
}

test('a curl command replaces the request, its key goes to its origin, and all is undone at once', async ({ page, playground, endpoint, otherEndpoint }) => {
  const mine = endpoint.scenario(make.recording('basic'));
  const theirs = otherEndpoint.scenario(make.recording('max_tokens_stream'));
  await playground.openFor(mine);
  const before = await playground.requestText();
  await openImport(page);
  const body = '{"model":"tiny","messages":[{"role":"user","content":"It\'s \\"so\\""}],"seed":9007199254740993,"stream":true}';
  await box(page).fill(
    `curl ${theirs.base}/chat/completions \\\n  -H "Authorization: Bearer ${SECRET}" -H 'User-Agent: x' --max-time 5 \\\n  --data-raw '${body.replaceAll("'", "'\\''")}'`,
  );
  await expect(told(page)).toContainText(/This is a curl command with 1 message and 3 other parameters \(model, seed, stream\)/);
  await expect(told(page)).toContainText(`goes to the key field of ${new URL(theirs.base).origin} and nowhere else`);
  await expect(told(page)).toContainText(/Left aside:.*--max-time.*user-agent/i);
  expect(await told(page).textContent()).not.toContain(SECRET);
  expect(await axeFindings(page)).toEqual([]);
  // Nothing has changed yet.
  expect(await playground.requestText()).toBe(before);
  await button(page, 'Replace the request').click();
  await expect(playground.base).toHaveValue(theirs.base);
  await expect(playground.key).toHaveValue(SECRET);
  expect((await playground.requestText()).replace(/\n */g, '').replaceAll('": ', '":')).toBe(body);
  await expect(box(page)).toBeHidden();
  await expect(opener(page)).toBeFocused();
  expect(await playground.everythingWritten()).not.toContain(SECRET);
  const call = await playground.sendAndFinish(theirs);
  expect(call.headers.authorization).toBe(`Bearer ${SECRET}`);
  await playground.base.fill(mine.base);
  await expect(playground.key).toHaveValue('');
  await playground.base.fill(theirs.base);
  await button(page, 'Restore what was here').click();
  await expect(playground.base).toHaveValue(mine.base);
  expect(await playground.requestText()).toBe(before);
  await playground.base.fill(theirs.base);
  await expect(playground.key).toHaveValue('');
});

test('what cannot be read says why and where, and stays in the box; a named key is told', async ({ page, playground, endpoint }) => {
  await playground.openFor(endpoint.scenario(make.recording('basic')));
  const before = await playground.requestText();
  await openImport(page);
  const wrong = {
    "first line\ncurl http://h/v1 -d '{": /Line 2: this single quote is never closed/,
    '{"model": nope}': /Line 1, column 12/,
    'Good morning': /none of what can be read/,
    'curl http://h/v1 -d @body.json': /body\.json/,
  };
  for (const [text, words] of Object.entries(wrong)) {
    await box(page).fill(text);
    await expect(told(page)).toContainText(words);
    await expect(box(page)).toHaveValue(text);
    await expect(button(page, 'Replace the request')).toBeHidden();
  }
  await box(page).fill('client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}], extra_body={"top_k": 5}, user=me())');
  await expect(told(page)).toContainText(/a call in Python .*user: me\(\) is not known here/);
  await box(page).fill('curl http://127.0.0.1:9/v1/chat/completions -H "Authorization: Bearer $API_KEY" -d \'{"n":1}\'');
  await expect(told(page)).toContainText('only named ($API_KEY)');
  expect(await playground.requestText()).toBe(before);
});

test('a dropped file with a link to a strange base asks as the link itself does', async ({ page, playground, endpoint }) => {
  await playground.openFor(endpoint.scenario(make.recording('basic')));
  await openImport(page);
  const text = JSON.stringify({ base: 'https://strange.example/v1', body: { ...HELLO, n: 2 } });
  await dropFile(page, box(page), 'request.json', text);
  await expect(told(page)).toContainText('This is a saved request');
  await button(page, 'Replace the request').click();
  await expect.poll(() => requestOf(playground)).toEqual({ ...HELLO, n: 2 });
  await expect(page.getByRole('group', { name: 'A base URL that is new here' })).toContainText('https://strange.example/v1');
  await expect(playground.key).not.toBeEditable();
});

test('what is pasted or dropped where nothing else takes it is offered, and one of several is chosen', async ({ page, playground, endpoint }) => {
  const scenario = endpoint.scenario(make.recording('basic'));
  await playground.openFor(scenario);
  const before = await playground.requestText();
  const curl = (model) => `curl ${scenario.base}/chat/completions -d '{"model":"${model}","messages":[]}'`;

  // The file that listens comes with the first use of the page.
  await openImport(page);
  await page.keyboard.press('Escape');
  // Into the editor of the body and the base URL: what they cannot hold.
  for (const field of [page.getByLabel('Body as JSON'), playground.base]) {
    await field.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await paste(page, curl('pasted'));
    await expect(box(page)).toHaveValue(curl('pasted'));
    await expect(told(page)).toContainText('This is a curl command');
    expect(await playground.requestText()).toBe(before);
    await expect(playground.base).toHaveValue(scenario.base);
    await page.keyboard.press('Escape');
    await expect(box(page)).toBeHidden();
  }
  // A body goes into its editor, and text into a message.
  await page.getByLabel('Body as JSON').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await paste(page, '{"model":"typed","messages":[{"role":"user","content":"x"}]}');
  await expect.poll(() => requestOf(playground)).toMatchObject({ model: 'typed' });
  await expect(box(page)).toBeHidden();
  await page.getByRole('textbox', { name: 'Text of message 1' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await paste(page, curl('said'));
  await expect.poll(async () => (await requestOf(playground)).messages[0].content).toBe(curl('said'));
  await expect(box(page)).toBeHidden();

  // Anywhere else, and a file too; the browser does not leave the page for it.
  await page.locator('h1').click();
  await page.evaluate(() => document.activeElement.blur());
  await paste(page, '{"model":"nowhere","messages":[]}');
  await expect(told(page)).toContainText('This is a body');
  const entry = (model) => ({ request: { method: 'POST', url: `${scenario.base}/chat/completions`, headers: [], postData: { text: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }) } } });
  await dropFile(page, page.locator('main'), 'page.har', JSON.stringify({ log: { entries: [entry('first'), entry('second')] } }));
  await expect(told(page)).toContainText('a request from an HTTP archive');
  const which = page.getByRole('combobox', { name: 'Which of the requests in it' });
  await expect(which).toHaveValue('1');
  await which.selectOption({ label: '1. first · ' + new URL(scenario.base).host + ' · “Hi”' });
  expect(await axeFindings(page)).toEqual([]);
  await button(page, 'Replace the request').click();
  await expect.poll(() => requestOf(playground)).toMatchObject({ model: 'first' });
  expect(scenario.received).toHaveLength(0);
});
