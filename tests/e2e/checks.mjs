// Comparing what the page shows with what a recording says.

import { expect } from './fixtures.mjs';

const squeeze = (text) => text.replace(/\s+/g, '');

/** Fails unless the page shows this answer, exactly. `label` names the recording in the failure. */
export async function expectShown(playground, expected, label) {
  const shown = await playground.shown();
  expect.soft(shown.state, `${label}: state`).toBe(expected.state);
  for (const [index, choice] of Object.entries(expected.choices)) {
    const seen = shown.choices[index];
    const of = `${label}, choice ${index}`;
    expect.soft(seen, `${of} is shown`).toBeDefined();
    if (seen === undefined) continue;
    expect.soft(seen.content, `${of}: content`).toBe(choice.content);
    expect.soft(seen.reasoning, `${of}: reasoning`).toBe(choice.reasoning);
    expect.soft(seen.finishReason, `${of}: finish reason`).toBe(choice.finishReason);
    for (const call of Object.values(choice.calls)) {
      if (call.name !== null) expect.soft(seen.toolCalls, `${of}: name of the call`).toContain(call.name);
      expect
        .soft(squeeze(seen.toolCalls), `${of}: arguments of the call`)
        .toContain(squeeze(call.arguments));
    }
    if (Object.keys(choice.calls).length === 0) {
      expect.soft(seen.toolCalls, `${of}: no tool call`).toBe('');
    }
  }
  expect
    .soft(Object.keys(shown.choices).sort(), `${label}: choices`)
    .toEqual(Object.keys(expected.choices).sort());
  expect.soft(shown.usage, `${label}: usage`).toMatchObject(expected.usage);
  if (Object.keys(expected.usage).length === 0) {
    expect.soft(shown.usage, `${label}: no usage`).toEqual({});
  }
  expect.soft(shown.error, `${label}: error`).toBe(expected.state === 'failed' ? 'stream' : undefined);
  return shown;
}

/** Splits a list into `count` lists of about the same length. */
export function groups(list, count) {
  return Array.from({ length: count }, (_, group) => list.filter((_item, at) => at % count === group));
}
