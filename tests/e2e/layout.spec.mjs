// Room on the screen: nothing runs over at any width, and the keyboard reaches everything.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO, plainLink } from './playground.mjs';

const PANES = ['Request', 'Answer', 'Inspect'];
const UNBROKEN = 'https://example.org/'.padEnd(900, 'abcdefghij');

/** Elements that stick out of the viewport and are not inside a box that scrolls or clips. */
function stickingOut() {
  const width = document.documentElement.clientWidth;
  const clipped = (node) => {
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== 'visible') return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll('*')]
    .filter((node) => {
      const { left, right, width: own } = node.getBoundingClientRect();
      return own > 0 && (right > width + 0.5 || left < -0.5) && !clipped(node);
    })
    .map((node) => `${node.tagName.toLowerCase()}.${node.className} ${node.textContent.slice(0, 40)}`);
}

async function expectFits(page, label) {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.scrollingElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect.soft(scroll, `${label}: the page does not scroll sideways`).toBeLessThanOrEqual(client);
  expect.soft(await page.evaluate(stickingOut), label).toEqual([]);
}

for (const width of [320, 390, 899, 1024, 1199, 1600]) {
  test.describe(`${width} pixels`, () => {
    test.use({ viewport: { width, height: 800 } });

    test('nothing is wider than the page', async ({ page, playground, endpoint }) => {
      const narrow = width < 900;
      const look = async (state) => {
        for (const pane of narrow ? PANES : ['']) {
          if (pane) await playground.pane(pane).click();
          await expectFits(page, `${state} ${pane}`);
        }
      };
      await playground.open();
      await look('first visit');
      const chunk = JSON.stringify({ choices: [{ index: 0, delta: { content: UNBROKEN }, finish_reason: 'stop' }] });
      const long = endpoint.scenario(make.stream(`data: ${chunk}\n\ndata: [DONE]\n\n`));
      const body = { ...HELLO, model: UNBROKEN, messages: [{ role: 'user', content: UNBROKEN }] };
      await playground.open(plainLink({ base: long.base, body }));
      await playground.sendAndFinish(long);
      await look('long words');
      const failing = endpoint.scenario(make.json({ message: UNBROKEN }, { status: 400 }));
      await playground.followFor(failing, body);
      await playground.sendAndFinish(failing);
      await look('long error');
      const hidden = endpoint.scenario(make.unauthorized());
      await playground.followFor(hidden, body);
      await playground.sendAndFinish(hidden);
      await look('network error');
      await playground.follow(`#body=${UNBROKEN}`);
      await look('refused link');
    });
  });
}

test.describe('a narrow screen', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the bottom bar switches panes, and Send is always in reach', async ({ playground, endpoint }) => {
    const scenario = endpoint.scenario(make.recording('max_tokens_stream'));
    await playground.openFor(scenario);
    await expect(playground.parameter('model')).toBeVisible();
    await expect(playground.run).toBeHidden();
    for (const pane of PANES) {
      await playground.pane(pane).click();
      await expect(playground.send).toBeInViewport({ ratio: 1 });
      for (const other of PANES) await expect(playground.pane(other)).toBeInViewport({ ratio: 1 });
    }
    await expect(playground.parameter('model')).toBeHidden();
    await playground.pane('Request').click();
    await expect(playground.parameter('model')).toBeVisible();
    // A run brings its answer into view.
    await playground.sendAndFinish(scenario);
    await expect(playground.content()).toBeVisible();
    await expect(playground.parameter('model')).toBeHidden();
  });
});

/** What a keyboard should reach: each thing that can be operated and seen, a group of tabs or radios once. */
function operable() {
  const selector = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const all = [...document.querySelectorAll(selector)].filter(
    (node) =>
      node.tabIndex >= 0 &&
      !node.disabled &&
      node.checkVisibility({ visibilityProperty: true }) &&
      !node.closest('[inert]'),
  );
  all.forEach((node, at) => {
    node.dataset.probe = String(at);
  });
  return all.map((node) => `${node.tagName.toLowerCase()} ${node.ariaLabel ?? node.name ?? ''} ${node.textContent.trim().slice(0, 30)}`);
}

for (const width of [390, 1600]) {
  test.describe(`keyboard at ${width} pixels`, () => {
    test.use({ viewport: { width, height: 900 } });

    test('Tab reaches everything, visibly', async ({ page, playground, endpoint }) => {
      const scenario = endpoint.scenario(make.recording('logprobs_top5_stream'));
      await playground.openFor(scenario);
      await playground.sendAndFinish(scenario);
      await page.evaluate(() => document.activeElement?.blur());
      const all = await page.evaluate(operable);
      expect(all.length).toBeGreaterThan(8);
      const seen = new Set();
      const unseen = [];
      for (let press = 0; press < all.length * 2 + 10 && seen.size < all.length; press += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const node = document.activeElement;
          if (!node || node === document.body) return null;
          const style = getComputedStyle(node);
          const box = node.closest(':focus-within');
          const ring = (one) => one && (parseFloat(getComputedStyle(one).outlineWidth) > 0 && getComputedStyle(one).outlineStyle !== 'none' || getComputedStyle(one).boxShadow !== 'none');
          return { probe: node.dataset.probe, ring: Boolean(ring(node) || ring(box) || ring(node.parentElement)), style: style.outlineStyle };
        });
        if (at === null) continue;
        seen.add(at.probe);
        if (!at.ring) unseen.push(all[Number(at.probe)]);
      }
      expect(all.filter((_name, at) => !seen.has(String(at)))).toEqual([]);
      expect([...new Set(unseen)], 'focus can be seen').toEqual([]);
    });
  });
}

test('the theme follows the system and can be changed for good', async ({ page, playground }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'dark' });
  await playground.open();
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  expect(light).not.toBe(dark);
});

test('motion stops where the system asks for it', async ({ page, playground }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await playground.open();
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')].filter((node) => {
      const { transitionDuration, animationName, animationDuration } = getComputedStyle(node);
      const long = (times) => times.split(',').some((time) => parseFloat(time) > 0.011);
      return long(transitionDuration) || (animationName !== 'none' && long(animationDuration));
    }).map((node) => node.outerHTML.slice(0, 80)),
  );
  expect(moving).toEqual([]);
});
