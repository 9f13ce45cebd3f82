// axe-core in the page, under the page's own policy: a script that the debugger runs needs no tag.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from './fixtures.mjs';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on the page as it is now: a line for each element that breaks a rule.
 * @returns {Promise<string[]>}
 */
export async function axeFindings(page) {
  // A transition in mid-air has colours that nobody will see for long. It is ended and not waited for: inside what
  // is not on screen it need not go on.
  await page.evaluate(() => {
    for (const one of document.getAnimations()) {
      if (Number.isFinite(one.effect?.getComputedTiming().endTime)) one.finish();
    }
  });
  await page.evaluate(`if (!window.axe) { ${SOURCE} }; undefined`);
  const { tried, findings } = await page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document);
    return {
      tried: passes.length,
      findings: violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
      ),
    };
  });
  expect(tried, 'axe ran').toBeGreaterThan(10);
  return findings;
}
