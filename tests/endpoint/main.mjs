// The scripted endpoint by hand: something to point the page, or curl, at.
//
//   node tests/endpoint/main.mjs --port 9000 [--recording NAME] [--chunk 1] [--delay 20] [--key KEY]
//
//   --port       where to listen on 127.0.0.1; 9000 if left out
//   --recording  what http://127.0.0.1:9000/v1 plays back; story_long_stream if left out
//   --chunk      bytes written at a time; 0, all at once, if left out
//   --delay      milliseconds between writes; 0 if left out
//   --key        the only API key that /v1 takes; any other gets vLLM's 401 without CORS headers
//
// Beside /v1 there is a base URL for every recording, http://127.0.0.1:9000/play/NAME/v1, and one for
// each failure, http://127.0.0.1:9000/fail/KIND/v1. http://127.0.0.1:9000/models/KIND/v1 lists its models as
// other servers do. The start lists the kinds.

import { parseArgs } from 'node:util';
import * as make from './answers.mjs';
import { Endpoint } from './endpoint.mjs';
import { recordingNames } from './recordings.mjs';
import { errorAfter } from './variants.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9000' },
    recording: { type: 'string', default: 'story_long_stream' },
    chunk: { type: 'string', default: '0' },
    delay: { type: 'string', default: '0' },
    key: { type: 'string' },
  },
});

const number = (name, max) => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new Error(`--${name} takes a whole number from 0 to ${max}, and this is “${values[name]}”.`);
};

function failures(pace) {
  const story = make.recording('story_long_stream', pace);
  return {
    401: make.unauthorized(),
    404: make.notFound(),
    422: make.unprocessable(),
    '500-html': make.htmlError(),
    '500-empty': make.emptyError(),
    redirect: make.redirect('/v1/chat/completions'),
    'not-json': make.text('Hello', 'application/json'),
    cut: make.stopped(story, 'cut', 3000, 300),
    'no-done': make.stopped(story, 'end', 3000),
    'hang-before-head': make.stopped(story, 'hang', 'nothing'),
    'hang-after-head': make.stopped(story, 'hang', 'head'),
    'hang-mid-stream': make.stopped(story, 'hang', 3000),
    'error-event': make.stream(errorAfter(story.body, 5, { message: 'The engine failed.', code: 500 }), pace),
    load: make.synthetic({ tokens: 20_000, perSecond: 2000, alternatives: 20 }),
  };
}

/** What servers tell of their models. */
function lists() {
  const models = [
    { id: 'org/large-70b', owned_by: 'vllm', max_model_len: 131_072 },
    { id: 'org/small-1b', owned_by: 'vllm', max_model_len: 4096 },
  ];
  return {
    vllm: { models: make.models(models), version: make.version('0.8.5') },
    openai: { models: make.models([{ id: 'gpt-4o', owned_by: 'system' }]) },
    'llama.cpp': { models: make.llamaCppModels('model.gguf', 8192) },
    error: { models: make.json({ error: { message: 'Out of order.' } }, { status: 503 }) },
    'no-cors': { models: make.models(models, { cors: false }) },
  };
}

try {
  const port = number('port', 65_535);
  const pace = { chunk: number('chunk', 1_000_000), delay: number('delay', 60_000) };
  const names = recordingNames();
  if (!names.includes(values.recording)) {
    throw new Error(`There is no recording “${values.recording}” in tests/recordings.`);
  }
  const endpoint = await new Endpoint().start(port);
  endpoint.scenario(make.recording(values.recording, pace), { path: '/v1', key: values.key });
  for (const name of names) {
    endpoint.scenario(make.recording(name, pace), { path: `/play/${name}/v1` });
  }
  const kinds = failures(pace);
  for (const [kind, answer] of Object.entries(kinds)) {
    endpoint.scenario(answer, { path: `/fail/${kind}/v1` });
  }
  endpoint.scenario(make.recording('basic'), { path: '/fail/preflight/v1', preflight: 'refuse' });
  for (const [kind, options] of Object.entries(lists())) {
    endpoint.scenario(make.recording(values.recording, pace), { path: `/models/${kind}/v1`, ...options });
  }
  console.log(`${endpoint.origin}/v1 plays ${values.recording}`);
  console.log(`${endpoint.origin}/play/NAME/v1 plays any of ${names.length} recordings`);
  console.log(`${endpoint.origin}/fail/KIND/v1 fails: ${Object.keys(kinds).join(', ')}, preflight`);
  console.log(`${endpoint.origin}/models/KIND/v1 lists models: ${Object.keys(lists()).join(', ')}`);
} catch (error) {
  console.error(error.code === 'EADDRINUSE' ? `Port ${values.port} is taken. Choose another with --port.` : error.message);
  process.exitCode = 1;
}
