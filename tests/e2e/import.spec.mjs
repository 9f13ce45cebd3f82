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

async function openImport(page) {
  const summary = page.locator('summary', { hasText: /^Import$/ });
  if (!(await summary.evaluate((node) => node.parentElement.open))) await summary.click();
  await expect(box(page)).toBeVisible();
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
  await expect(box(page)).toHaveValue('');
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
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'request.json', { type: 'application/json' }));
    return transfer;
  }, text);
  await box(page).dispatchEvent('drop', { dataTransfer: data });
  await expect(told(page)).toContainText('This is a saved request');
  await button(page, 'Replace the request').click();
  await expect.poll(() => requestOf(playground)).toEqual({ ...HELLO, n: 2 });
  await expect(page.getByRole('group', { name: 'A base URL that is new here' })).toContainText('https://strange.example/v1');
  await expect(playground.key).not.toBeEditable();
});
