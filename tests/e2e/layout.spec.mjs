// Room on the screen: nothing runs over at any width, and the keyboard reaches everything.

import * as make from '../endpoint/answers.mjs';
import { expect, test } from './fixtures.mjs';
import { HELLO, plainLink } from './playground.mjs';

const PANES = ['Request', 'Answer', 'Inspect'];
const UNBROKEN = 'https://example.org/'.padEnd(900, 'abcdefghij');

/**
 * What a person cannot get at: elements that stick out of the viewport, and boxes that have to be
 * scrolled sideways. Text that says with an ellipsis that it goes on is fine, and so is what is made
 * to be scrolled: a field, preformatted text, a row of tabs, or a box that the keyboard can enter.
 */
function runningOver() {
  const width = document.documentElement.clientWidth;
  const name = (node) => `${node.tagName.toLowerCase()}.${node.className} ${node.textContent.trim().slice(0, 40)}`;
  const shown = [...document.body.querySelectorAll('*')].filter(
    (node) => node.getBoundingClientRect().width > 1 && node.checkVisibility(),
  );
  const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflowX);
  const excused = (node) => {
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
      const { textOverflow, overflowX } = getComputedStyle(up);
      const hiddenFromSight = overflowX !== 'visible' && up.getBoundingClientRect().width <= 1;
      if (scrolls(up) || textOverflow === 'ellipsis' || hiddenFromSight) return true;
    }
    return false;
  };
  const out = shown.filter((node) => {
    const { left, right } = node.getBoundingClientRect();
    return (right > width + 0.5 || left < -0.5) && !excused(node);
  });
  const sideways = shown.filter(
    (node) =>
      scrolls(node) &&
      node.scrollWidth > node.clientWidth + 1 &&
      !/^(PRE|TEXTAREA|INPUT)$/.test(node.tagName) &&
      !node.matches('[tabindex], [role=tablist]'),
  );
  return [...out.map((node) => `sticks out: ${name(node)}`), ...sideways.map((node) => `scrolls sideways: ${name(node)}`)];
}

async function expectFits(page, label) {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.scrollingElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect.soft(scroll, `${label}: the page does not scroll sideways`).toBeLessThanOrEqual(client);
  expect.soft(await page.evaluate(runningOver), label).toEqual([]);
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

  test('a long list scrolls by itself, and what is opened from it is in sight', async ({ page, playground, endpoint }) => {
    const scenario = endpoint.scenario(make.recording('story_long_stream'));
    await playground.openFor(scenario);
    await playground.sendAndFinish(scenario);
    await playground.pane('Inspect').click();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.locator('[data-event="3"]').click();
    await expect(page.getByRole('region', { name: 'Event 3', exact: true })).toBeInViewport({ ratio: 0.9 });
    // Of 58 events only those on screen are in the page, which does not scroll.
    expect(await page.locator('[data-event]').count()).toBeLessThan(40);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(844);
  });
});

/** What a keyboard should reach: all that can be operated and seen, a group of radios once. */
function operable() {
  const selector = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const groups = new Set();
  const all = [...document.querySelectorAll(selector)].filter((node) => {
    if (node.tabIndex < 0 || node.disabled || node.closest('[inert]')) return false;
    if (!node.checkVisibility({ visibilityProperty: true })) return false;
    if (node.type !== 'radio') return true;
    // Tab enters a group at the chosen one; arrows do the rest.
    const chosen = document.querySelector(`input[name="${node.name}"]:checked`);
    if (groups.has(node.name) || (chosen && chosen !== node)) return false;
    groups.add(node.name);
    return true;
  });
  all.forEach((node, at) => {
    node.dataset.probe = String(at);
  });
  return all.map((node) => `${node.tagName.toLowerCase()} ${node.ariaLabel ?? ''} ${node.textContent.trim().slice(0, 30)}`);
}

/** The probe number of the focused element, and whether its focus can be seen. */
function focused() {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const ringed = (one) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  };
  // A field may show its focus on the box around it, a hidden radio on its label.
  const around = [node, node.parentElement, node.parentElement?.parentElement, node.nextElementSibling];
  return { probe: Number(node.dataset.probe), ring: around.some((one) => one && ringed(one)) };
}

for (const [width, panes] of [
  [390, PANES],
  [1600, ['']],
]) {
  test.describe(`keyboard at ${width} pixels`, () => {
    test.use({ viewport: { width, height: 900 } });

    test('Tab reaches everything, visibly', async ({ page, playground, endpoint }) => {
      const scenario = endpoint.scenario(make.recording('logprobs_top5_stream'));
      await playground.openFor(scenario);
      await playground.sendAndFinish(scenario);
      for (const pane of panes) {
        if (pane) await playground.pane(pane).click();
        await page.evaluate(() => document.activeElement?.blur());
        const all = await page.evaluate(operable);
        expect(all.length).toBeGreaterThan(pane ? 4 : 12);
        const reached = new Set();
        const unseen = new Set();
        for (let press = 0; press < all.length * 2 + 10 && reached.size < all.length; press += 1) {
          await page.keyboard.press('Tab');
          const now = await page.evaluate(focused);
          if (now === null) continue;
          reached.add(now.probe);
          if (!now.ring) unseen.add(all[now.probe]);
        }
        expect.soft(all.filter((_name, at) => !reached.has(at)), `${pane}: not reached`).toEqual([]);
        expect.soft([...unseen], `${pane}: focus that cannot be seen`).toEqual([]);
      }
    });
  });
}

test('the theme follows the system and can be changed for good', async ({ page, playground }) => {
  // What lies behind everything: the body's colour, or the root's where the body has none.
  const ground = () =>
    page.evaluate(() =>
      [document.body, document.documentElement]
        .map((node) => getComputedStyle(node).backgroundColor)
        .find((colour) => !/^rgba\(.*, 0\)$/.test(colour)),
    );
  await page.emulateMedia({ colorScheme: 'dark' });
  await playground.open();
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  expect(light).not.toBe(dark);
  const toggle = page.getByRole('button', { name: /^Theme\b/ });
  const chosen = async (theme) => {
    for (let press = 0; press < 3 && !new RegExp(theme).test(await toggle.getAttribute('aria-label')); press += 1) {
      await toggle.click();
    }
    await expect(toggle).toHaveAccessibleName(new RegExp(theme));
  };
  await chosen('dark');
  expect(await ground()).toBe(dark);
  await page.reload();
  await playground.ready();
  expect(await ground()).toBe(dark);
  await chosen('system');
  expect(await ground()).toBe(light);
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
