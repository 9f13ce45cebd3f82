// axe-core in the page, under the page's own policy: a script that the debugger runs needs no tag.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from './fixtures.mjs';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails when axe finds anything on the page as it is now. */
export async function expectAccessible(page, label) {
  // A transition in mid-air has colours that nobody will see for long.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))));
  await page.evaluate(`if (!window.axe) { ${SOURCE} }; undefined`);
  const found = await page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document, { resultTypes: ['violations'] });
    return {
      tried: passes.length,
      violations: violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, failureSummary, html }) => `${id}: ${help} at ${target.join(' ')}\n${html.slice(0, 200)}\n${failureSummary}`),
      ),
    };
  });
  expect.soft(found.tried, `${label}: axe ran`).toBeGreaterThan(10);
  expect.soft(found.violations, label).toEqual([]);
}
