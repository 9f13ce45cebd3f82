// What a recording says, found out in the plainest way there is and without a line of the page's
// code: split at blank lines, cut off `data: `, JSON.parse, add up. Recordings are regular enough.

/** The data of each event, `[DONE]` left out; text that no blank line ends is no event. */
export function eventsOf(body) {
  const text = body.toString('utf8');
  return text
    .slice(0, text.lastIndexOf('\n\n') + 2)
    .split('\n\n')
    .filter((event) => event.startsWith('data: ') && event !== 'data: [DONE]')
    .map((event) => JSON.parse(event.slice('data: '.length)));
}

/** What the page must show for a recorded answer with status 200. */
export function expectedOf(recording) {
  return recording.headers['content-type'].startsWith('text/event-stream')
    ? ofStream(recording.body)
    : ofWhole(JSON.parse(recording.body.toString('utf8')));
}

function ofStream(body) {
  const chunks = eventsOf(body);
  const choices = {};
  let usage = null;
  let error = null;
  for (const chunk of chunks) {
    error ??= chunk.error ?? null;
    usage = chunk.usage ?? usage;
    for (const { index, delta, finish_reason: finishReason } of chunk.choices ?? []) {
      const choice = (choices[index] ??= emptyChoice());
      choice.content += delta.content ?? '';
      choice.reasoning += delta.reasoning_content ?? '';
      choice.finishReason = finishReason ?? choice.finishReason;
      for (const call of delta.tool_calls ?? []) {
        const known = (choice.calls[call.index] ??= { name: null, arguments: '' });
        known.name ??= call.function?.name ?? null;
        known.arguments += call.function?.arguments ?? '';
      }
    }
  }
  const done = body.toString('utf8').endsWith('data: [DONE]\n\n');
  return { state: error || !done ? 'failed' : 'done', error, choices, usage: leaves(usage) };
}

function ofWhole(answer) {
  const choices = {};
  for (const { index, message, finish_reason: finishReason } of answer.choices) {
    choices[index] = {
      ...emptyChoice(),
      content: message.content ?? '',
      reasoning: message.reasoning_content ?? '',
      finishReason,
      calls: Object.fromEntries((message.tool_calls ?? []).map((call, at) => [at, call.function])),
    };
  }
  return { state: 'done', error: null, choices, usage: leaves(answer.usage) };
}

const emptyChoice = () => ({ content: '', reasoning: '', finishReason: null, calls: {} });

/** The numbers of an object, nested ones under a name with a dot, as the page writes them. */
function leaves(value, prefix = '') {
  return Object.fromEntries(
    Object.entries(value ?? {}).flatMap(([key, leaf]) => {
      if (typeof leaf === 'number') return [[prefix + key, String(leaf)]];
      return leaf && typeof leaf === 'object' ? Object.entries(leaves(leaf, `${prefix}${key}.`)) : [];
    }),
  );
}

/** The message in an error body of any shape that servers send; `''` where there is none. */
export function errorMessageOf(body) {
  const text = body.toString('utf8');
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return '';
  }
  const found = value.message ?? value.error?.message ?? value.error ?? value.detail ?? '';
  return typeof found === 'string' ? found : '';
}

/** JSON text without the white space between its tokens: order and spelling stay. */
export function withoutSpaces(json) {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string) => string ?? '');
}
