// The page as a person sees it: found by role, by name and by the attributes that tests may hold on
// to, never by how it is built.

import { expect } from '@playwright/test';

const FINAL = ['done', 'stopped', 'failed'];

/** A request that says little. */
export const HELLO = { model: 'tiny', messages: [{ role: 'user', content: 'Hi' }], stream: true };

/** The fragment of a plain link. `body` is an object, or the exact text. */
export function plainLink({ base, body = HELLO, dialect }) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const parts = [`body=${encodeURIComponent(text)}`];
  if (base !== undefined) parts.unshift(`base=${encodeURIComponent(base)}`);
  if (dialect !== undefined) parts.push(`dialect=${dialect}`);
  return `#${parts.join('&')}`;
}

export class Playground {
  constructor(page, watch) {
    this.page = page;
    this.watch = watch;
    // By label: a password field has no role, and a field in a pane that is not shown has none either.
    this.base = page.getByLabel('Base URL', { exact: true });
    this.key = page.getByLabel('API key', { exact: true });
    this.send = page.getByRole('button', { name: /^Send\b/ });
    this.stop = page.getByRole('button', { name: /^Stop\b/ });
    this.json = page.locator('textarea[data-request-json]');
    this.run = page.locator('[data-run-state]');
    this.error = page.locator('[data-error]');
  }

  /** Opens the page, with a link's fragment or without, and waits until it can be used. */
  async open(fragment = '') {
    await this.page.goto(`/${fragment}`);
    await this.ready();
  }

  async ready() {
    await expect(this.run).toBeAttached();
    await expect(this.send).toBeVisible();
  }

  /** Opens the page with a request for a scenario. */
  async openFor(scenario, body = HELLO) {
    await this.open(plainLink({ base: scenario.base, body }));
  }

  /** Follows a link while the page is open. */
  async follow(fragment) {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
  }

  /** Follows a link to a scenario while the page is open, and waits until the request is there. */
  async followFor(scenario, body = HELLO) {
    await this.follow(plainLink({ base: scenario.base, body }));
    await expect(this.base).toHaveValue(scenario.base);
  }

  /** Brings the JSON editor into view, wherever the page keeps it. */
  async showJson() {
    if (await this.json.isVisible()) return;
    for (const place of [this.pane('Request'), this.pane('Inspect')]) {
      if (await place.isVisible()) await place.click();
      if (await this.json.isVisible()) return;
      const tab = this.page.getByRole('tab', { name: /JSON/ }).or(this.page.getByRole('button', { name: /JSON/ }));
      if (await tab.first().isVisible()) await tab.first().click();
      if (await this.json.isVisible()) return;
    }
    await expect(this.json).toBeVisible();
  }

  /** The control of a parameter, which bears its API name. */
  field(name) {
    return this.parameter(name).getByRole('textbox').or(this.parameter(name).getByRole('combobox')).first();
  }

  /** The row of a parameter. */
  parameter(name) {
    return this.page.locator(`[data-parameter="${name}"]`);
  }

  choice(index = 0) {
    return this.page.locator(`[data-choice="${index}"]`);
  }

  content(index = 0) {
    return this.choice(index).locator('[data-part="content"]');
  }

  /** The panel "Connection", opened. */
  async connection() {
    const summary = this.page.locator('summary', { hasText: 'Connection' });
    if (!(await summary.evaluate((node) => node.parentElement.open))) await summary.click();
    return summary.locator('..');
  }

  async setFirstByteTimeout(seconds) {
    const panel = await this.connection();
    await panel.getByLabel(/First byte timeout/).fill(String(seconds));
  }

  /** The panes of a narrow screen. */
  pane(name) {
    const exact = { name, exact: true };
    return this.page.getByRole('tab', exact).or(this.page.getByRole('button', exact));
  }

  async state() {
    return this.run.getAttribute('data-run-state');
  }

  /** Waits for a state of the run. */
  async reaches(state, timeout) {
    await expect(this.run).toHaveAttribute('data-run-state', state, { timeout });
  }

  /** Sends, and waits until the run is over. */
  async sendAndFinish(scenario, timeout = 15_000) {
    const index = scenario.calls.length;
    await this.send.click();
    await scenario.call(index);
    await expect(this.run).toHaveAttribute('data-run-state', new RegExp(FINAL.join('|')), { timeout });
    return scenario.calls[index];
  }

  /** What the page shows of a run, read at one moment. */
  async shown() {
    return this.page.evaluate(() => {
      const run = document.querySelector('[data-run-state]');
      const part = (choice, name) => choice.querySelector(`[data-part="${name}"]`)?.textContent ?? '';
      const error = document.querySelector('[data-error]');
      return {
        state: run?.dataset.runState,
        error: error?.dataset.error,
        errorText: error?.textContent,
        choices: Object.fromEntries(
          [...document.querySelectorAll('[data-choice]')].map((choice) => [
            choice.dataset.choice,
            {
              content: part(choice, 'content'),
              reasoning: part(choice, 'reasoning'),
              refusal: part(choice, 'refusal'),
              toolCalls: part(choice, 'tool_calls'),
              finishReason: choice.dataset.finishReason ?? null,
            },
          ]),
        ),
        usage: Object.fromEntries(
          [...document.querySelectorAll('[data-usage]')].map((node) => [
            node.dataset.usage,
            node.dataset.value,
          ]),
        ),
      };
    });
  }

  /** The text of the request as the page has it. */
  async requestText() {
    return this.page
      .locator('[data-request-json]')
      .evaluate((node) => ('value' in node ? node.value : node.textContent));
  }

  /** All text and all values that the document holds, seen or not, apart from password fields. */
  async everythingWritten() {
    return this.page.evaluate(() => {
      const written = [document.documentElement.outerHTML, document.title, location.href];
      for (const field of document.querySelectorAll('input, textarea')) {
        if (field.type !== 'password') written.push(field.value);
      }
      return written.join('\n');
    });
  }
}
