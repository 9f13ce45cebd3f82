// axe-core finds nothing, in every state, both themes and each width.

import * as make from '../endpoint/answers.mjs';
import { loadRecording } from '../endpoint/recordings.mjs';
import { bytesOfEvents } from '../endpoint/variants.mjs';
import { axeFindings } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { plainLink } from './playground.mjs';

const STORY = loadRecording('logprobs_top5_stream');
const WIDTHS = { phone: 390, tablet: 1024, desktop: 1600 };
const PANES = ['Request', 'Answer', 'Inspect'];

for (const colorScheme of ['light', 'dark']) {
  for (const [name, width] of Object.entries(WIDTHS)) {
    test.describe(`${colorScheme} ${name}`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('axe finds nothing', async ({ page, playground, endpoint }) => {
        test.setTimeout(120_000);
        const phone = name === 'phone';
        const found = new Map();
        /** Looks at the page as it is; on a phone, at each of its panes. */
        const look = async (state) => {
          for (const pane of phone ? PANES : ['']) {
            if (pane) await playground.pane(pane).click();
            for (const finding of await axeFindings(page)) {
              found.set(finding, [...(found.get(finding) ?? []), `${state} ${pane}`.trim()]);
            }
          }
        };
        await playground.open();
        await look('first visit');

        const hanging = make.stopped(make.recording(STORY.name), 'hang', bytesOfEvents(STORY.body, 5));
        await playground.open(plainLink({ base: endpoint.scenario(hanging).base }));
        await playground.send.click();
        await playground.reaches('streaming');
        await expect(playground.content()).not.toHaveText('');
        await look('streaming');
        await playground.stop.click();
        await playground.reaches('stopped');
        await look('stopped');

        const good = endpoint.scenario(make.recording('tools_auto_two_stream'));
        await playground.followFor(good, { ...STORY.request.body, stream: true });
        await playground.sendAndFinish(good);
        await look('done');

        const bad = endpoint.scenario(make.recording('basic'), { key: 'right' });
        await playground.followFor(bad);
        await playground.sendAndFinish(bad);
        await playground.reaches('failed');
        await look('failed');

        await playground.showJson();
        await playground.json.fill('{"model": oops}');
        await look('invalid JSON');
        if (phone) await playground.pane('Request').click();
        await playground.base.fill('ftp://nowhere');
        await look('invalid base URL');
        await playground.follow('#body=%5B1%5D');
        await look('refused link');

        expect(Object.fromEntries(found)).toEqual({});
      });
    });
  }
}
