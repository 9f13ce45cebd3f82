// Chromium, and what it tells of the main thread, of frames and of memory.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const VIEWPORT = { width: 1600, height: 1000 };

/** Below this the main thread counts as quiet, in milliseconds of work in a quarter of a second. */
const QUIET_MS = 12;

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: FLAGS });
}

/** How long a page may take to come up. */
const LONGEST_START_MS = 60_000;

/** Notes down in the page every frame that took longer than 50 ms. */
function watchFrames() {
  window.longFrames = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longFrames.push(entry.duration);
  }).observe({ type: 'long-animation-frame' });
}

/** A tab, and the numbers that the browser keeps of it. */
export class Tab {
  /** A tab that Playwright steers: `page` is its page. */
  static async open(browser) {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const tab = new Tab(browser, (method, params) => cdp.send(method, params));
    tab.page = page;
    await tab.begin();
    return tab;
  }

  /**
   * A tab that nobody watches. Playwright listens to the network of every page that it steers, and then Chromium
   * keeps each answer and decodes it once more as it ends: 80 ms of main thread for 19 MB, in one piece, which are
   * not the page's own.
   */
  static async alone(browser) {
    const cdp = await browser.newBrowserCDPSession();
    const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: false });
    const waiting = new Map();
    cdp.on('Target.receivedMessageFromTarget', (event) => {
      const { id, result, error } = JSON.parse(event.message);
      waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
      waiting.delete(id);
    });
    let id = 0;
    const send = (method, params = {}) => {
      id += 1;
      const message = JSON.stringify({ id, method, params });
      const answer = new Promise((resolve) => waiting.set(id, resolve));
      return cdp.send('Target.sendMessageToTarget', { sessionId, message }).then(() => answer);
    };
    const tab = new Tab(browser, send);
    await send('Page.enable');
    await send('Emulation.setDeviceMetricsOverride', { ...VIEWPORT, deviceScaleFactor: 1, mobile: false });
    await tab.begin();
    return tab;
  }

  constructor(browser, send) {
    this.browser = browser;
    this.send = send;
  }

  async begin() {
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${watchFrames})()` });
    // The time that the thread itself ran: other programs on the machine do not count.
    await this.send('Performance.enable', { timeDomain: 'threadTicks' });
  }

  /** Opens a page, and waits until a function says that what is waited for is there. */
  async goto(url, isThere, ...values) {
    await this.send('Page.navigate', { url });
    const there = () => this.evaluate(isThere, ...values).catch(() => false);
    for (const begun = performance.now(); !(await there()); await sleep(50)) {
      if (performance.now() - begun > LONGEST_START_MS) throw new Error(`nothing came up at ${url}`);
    }
  }

  /** What a function returns in the page, once its promise is kept. */
  async evaluate(work, ...values) {
    const expression = `(${work})(${values.map((value) => JSON.stringify(value)).join()})`;
    const options = { awaitPromise: true, returnByValue: true, userGesture: true };
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, ...options });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async metrics() {
    const { metrics } = await this.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  /** Milliseconds that the main thread has worked since the page was opened. */
  async worked() {
    return (await this.metrics()).TaskDuration * 1000;
  }

  /** Waits until the main thread has nothing more to do. */
  async quiet() {
    let before = await this.worked();
    for (;;) {
      await sleep(250);
      const now = await this.worked();
      if (now - before < QUIET_MS) return;
      before = now;
    }
  }

  /** The milliseconds of main thread that something takes, and the longest frame meanwhile. */
  async measure(what) {
    await this.quiet();
    await this.evaluate(() => {
      window.longFrames = [];
    });
    const before = await this.worked();
    await what();
    await this.quiet();
    const worked = (await this.worked()) - before;
    const long = await this.evaluate(() => window.longFrames);
    return { worked, longest: Math.max(0, ...long) };
  }

  /** Megabytes that the tab's process holds, once garbage is collected. */
  async memory() {
    await this.send('HeapProfiler.collectGarbage');
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const held = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0));
    return Math.max(...held) / 1024;
  }
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
