// Chromium, and what it tells of the main thread, of frames and of memory.

import { readFileSync } from 'node:fs';
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

/** Below this the main thread counts as quiet, in milliseconds of work in a quarter of a second. */
const QUIET_MS = 12;

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Notes down in the page every frame that took longer than 50 ms. */
function watchFrames() {
  window.longFrames = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longFrames.push(entry.duration);
  }).observe({ type: 'long-animation-frame' });
}

/** A tab of its own, and the numbers that the browser keeps of it. */
export class Tab {
  static async open(browser) {
    const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
    await context.addInitScript(watchFrames);
    const page = await context.newPage();
    const tab = new Tab();
    tab.browser = browser;
    tab.page = page;
    tab.cdp = await context.newCDPSession(page);
    // The time that the thread itself ran: other programs on the machine do not count.
    await tab.cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    return tab;
  }

  async close() {
    await this.page.context().close();
  }

  async metrics() {
    const { metrics } = await this.cdp.send('Performance.getMetrics');
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
      await this.page.waitForTimeout(250);
      const now = await this.worked();
      if (now - before < QUIET_MS) return;
      before = now;
    }
  }

  /** The milliseconds of main thread that something takes, and the longest frame meanwhile. */
  async measure(what) {
    await this.quiet();
    await this.page.evaluate(() => {
      window.longFrames = [];
    });
    const before = await this.worked();
    await what();
    await this.quiet();
    const worked = (await this.worked()) - before;
    const long = await this.page.evaluate(() => window.longFrames);
    return { worked, longest: Math.max(0, ...long) };
  }

  /** Megabytes that the tab's process holds, once garbage is collected. */
  async memory() {
    await this.cdp.send('HeapProfiler.collectGarbage');
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
