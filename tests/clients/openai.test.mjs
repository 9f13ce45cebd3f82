// The official JavaScript client against the endpoint. What vLLM does otherwise than the client expects
// is as it is with a real vLLM, and said where it shows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { MODEL, startEndpoint } from '../support/live-endpoint.mjs';

const KEY = 'sk-right';
const ask = (content) => [{ role: 'user', content }];
const PARIS = { model: MODEL, messages: ask('What is the capital of France?'), temperature: 0 };
const ANSWER = 'The capital of France is Paris.';
const WEATHER = {
  name: 'get_weather',
  description: 'The weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const OSLO = {
  model: MODEL,
  messages: ask('What is the weather in Oslo?'),
  temperature: 0,
  tools: [{ type: 'function', function: WEATHER }],
};

let live;
let client;
const clientWith = (options) => new OpenAI({ baseURL: live.base, apiKey: KEY, maxRetries: 0, ...options });
before(async () => {
  live = await startEndpoint({ key: KEY });
  client = clientWith();
});
after(() => live.stop());

const create = (body, options) => client.chat.completions.create(body, options);

/** All chunks of a stream. */
async function chunksOf(body) {
  const chunks = [];
  for await (const chunk of await create({ ...body, stream: true })) chunks.push(chunk);
  return chunks;
}

test('an answer as a whole', async () => {
  const answer = await create(PARIS);
  assert.equal(answer.choices[0].message.content, ANSWER);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.model, MODEL);
  const { prompt_tokens, completion_tokens, total_tokens } = answer.usage;
  assert.equal(prompt_tokens + completion_tokens, total_tokens);
});

test('the same answer as a stream', async () => {
  const chunks = await chunksOf(PARIS);
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  assert.equal(chunks.map(({ choices }) => choices[0].delta.content ?? '').join(''), ANSWER);
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
  assert.ok(chunks.every(({ usage }) => usage === undefined));
});

test('usage at the end of a stream, on request', async () => {
  const chunks = await chunksOf({ ...PARIS, stream_options: { include_usage: true } });
  const last = chunks.at(-1);
  assert.deepEqual(last.choices, []);
  const { usage } = await create(PARIS);
  assert.equal(last.usage.completion_tokens, usage.completion_tokens);
  assert.equal(last.usage.prompt_tokens, usage.prompt_tokens);
});

test('the stream helper puts an answer together', async () => {
  const stream = client.chat.completions.stream({ ...PARIS, logprobs: true, top_logprobs: 2 });
  const pieces = [];
  stream.on('content', (piece) => pieces.push(piece));
  const [choice] = (await stream.finalChatCompletion()).choices;
  assert.equal(choice.message.content, ANSWER);
  assert.equal(pieces.join(''), ANSWER);
  assert.equal(choice.logprobs.content.map(({ token }) => token).join(''), ANSWER);
});

test('several choices', async () => {
  const { choices } = await create({ ...PARIS, temperature: 1.5, seed: 7, n: 3, max_tokens: 20 });
  assert.deepEqual(choices.map(({ index }) => index), [0, 1, 2]);
  assert.equal(new Set(choices.map(({ message }) => message.content)).size, 3);
});

test('log probabilities with alternatives', async () => {
  const answer = await create({ ...PARIS, logprobs: true, top_logprobs: 3 });
  const entries = answer.choices[0].logprobs.content;
  assert.equal(entries.length, answer.usage.completion_tokens);
  for (const { token, bytes, logprob, top_logprobs } of entries) {
    assert.equal(Buffer.from(bytes).toString(), token);
    assert.equal(top_logprobs.length, 3);
    assert.equal(top_logprobs[0].logprob, logprob);
    assert.ok(logprob <= 0);
  }
});

test('a tool that the model chooses, as a whole and as a stream', async () => {
  const [choice] = (await create(OSLO)).choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  const [call] = choice.message.tool_calls;
  assert.equal(call.function.name, 'get_weather');
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Oslo' });
  const streamed = await client.chat.completions.stream(OSLO).finalChatCompletion();
  assert.equal(streamed.choices[0].finish_reason, 'tool_calls');
  assert.deepEqual(streamed.choices[0].message.tool_calls[0].function, call.function);
  assert.match(streamed.choices[0].message.tool_calls[0].id, /^chatcmpl-tool-/);
});

test('the tool runner calls the function and gets an answer', async () => {
  const asked = [];
  const weather = async ({ city }) => {
    asked.push(city);
    return { city, degrees: 21 };
  };
  const tools = [{ type: 'function', function: { ...WEATHER, function: weather, parse: JSON.parse } }];
  const runner = client.chat.completions.runTools({ ...OSLO, tools });
  assert.match(await runner.finalContent(), /21/);
  assert.deepEqual(asked, ['Oslo']);
});

test('no tool when none is to be called', async () => {
  const [choice] = (await create({ ...OSLO, tool_choice: 'none' })).choices;
  assert.deepEqual([choice.finish_reason, choice.message.tool_calls], ['stop', []]);
});

test('a tool that has to be called', async () => {
  const [choice] = (await create({ ...OSLO, tool_choice: 'required' })).choices;
  const calls = choice.message.tool_calls.map(({ function: call }) => [call.name, JSON.parse(call.arguments)]);
  assert.deepEqual(calls, [['get_weather', { city: 'Oslo' }]]);
  // vLLM streams it without an id and without a finish reason, so that the client's stream helper gives up.
  const pieces = (await chunksOf({ ...OSLO, tool_choice: 'required' })).flatMap(({ choices }) => choices[0].delta.tool_calls ?? []);
  assert.equal(pieces[0].function.name, 'get_weather');
  assert.deepEqual(JSON.parse(pieces.map((piece) => piece.function.arguments ?? '').join('')), { city: 'Oslo' });
});

test('a tool by its name', async () => {
  const named = { ...OSLO, tool_choice: { type: 'function', function: { name: 'get_weather' } } };
  const [choice] = (await create(named)).choices;
  const [call] = choice.message.tool_calls;
  assert.equal(call.function.name, 'get_weather');
  assert.deepEqual(Object.keys(JSON.parse(call.function.arguments)), ['city']);
  const pieces = (await chunksOf(named)).flatMap(({ choices }) => choices[0].delta.tool_calls ?? []);
  assert.equal(pieces.map((piece) => piece.function.arguments).join(''), call.function.arguments);
});

const Person = z.object({
  name: z.string(),
  age: z.number().int(),
  role: z.enum(['reader', 'writer']),
  tags: z.array(z.string()).max(3),
});
const ADA = {
  model: MODEL,
  messages: ask('Give me a record of Ada, who is 36 years old and writes.'),
  max_tokens: 400,
  response_format: zodResponseFormat(Person, 'person'),
};

test('the parse helper gets what its schema says, at any temperature', async () => {
  for (const [temperature, seed] of [[0, 1], [1, 2], [2, 3], [2, 4]]) {
    const { choices } = await client.chat.completions.parse({ ...ADA, temperature, seed });
    assert.equal(choices[0].finish_reason, 'stop');
    assert.deepEqual(Person.parse(choices[0].message.parsed), choices[0].message.parsed);
  }
});

test('the stream helper parses as it goes', async () => {
  const stream = client.chat.completions.stream({ ...ADA, temperature: 0 });
  const whole = await client.chat.completions.parse({ ...ADA, temperature: 0 });
  const { parsed } = (await stream.finalChatCompletion()).choices[0].message;
  assert.deepEqual(parsed, whole.choices[0].message.parsed);
});

test('any JSON object, and a schema by the name that vLLM has for it', async () => {
  const any = await create({ ...ADA, response_format: { type: 'json_object' }, temperature: 1.5, seed: 5 });
  assert.equal(typeof JSON.parse(any.choices[0].message.content), 'object');
  const { response_format, ...plain } = ADA;
  const guided = await create({ ...plain, guided_json: response_format.json_schema.schema, temperature: 2, seed: 6 });
  Person.parse(JSON.parse(guided.choices[0].message.content));
});

test('stop, max_tokens, seed and logit_bias', async () => {
  const stopped = await create({ ...PARIS, stop: [' is'] });
  assert.equal(stopped.choices[0].message.content, 'The capital of France');
  const cut = await create({ ...PARIS, max_tokens: 2 });
  assert.equal(cut.choices[0].finish_reason, 'length');
  const hot = { ...PARIS, temperature: 1.5, seed: 11 };
  const [one, same] = [await create(hot), await create(hot)];
  assert.equal(one.choices[0].message.content, same.choices[0].message.content);
});

test('parameters of vLLM beside those of the client', async () => {
  const hot = { ...PARIS, temperature: 2, seed: 3 };
  assert.equal((await create({ ...hot, top_k: 1 })).choices[0].message.content, ANSWER);
  const chosen = await create({ ...hot, guided_choice: ['positive', 'negative'] });
  assert.match(chosen.choices[0].message.content, /^(positive|negative)$/);
  const sum = 'root ::= number " + " number\nnumber ::= [0-9]+';
  const added = await create({ ...hot, guided_grammar: sum, max_tokens: 40 });
  assert.match(added.choices[0].message.content, /^\d+( \+ \d+)?/);
  const dated = await create({ ...hot, guided_regex: '\\d{4}-\\d{2}-\\d{2}' });
  assert.match(dated.choices[0].message.content, /^\d{4}-\d{2}-\d{2}$/);
});

test('the list of models', async () => {
  const models = [];
  for await (const { id, object, max_model_len } of client.models.list()) models.push([id, object, max_model_len]);
  assert.deepEqual(models, [[MODEL, 'model', 8192]]);
});

test('a refused request', async () => {
  // The client looks for words under `error`, where this generation of vLLM does not put them.
  await assert.rejects(create({ ...PARIS, temperature: -1 }), (error) => error instanceof OpenAI.BadRequestError && error.status === 400);
  await assert.rejects(create({ ...PARIS, model: 'nope' }), OpenAI.NotFoundError);
});

test('an error inside a stream is thrown with its words', async () => {
  const late = { ...PARIS, logit_bias: { 99999: 1 } };
  await assert.rejects(chunksOf(late), (error) => error instanceof OpenAI.APIError && /99999/.test(error.message));
});

test('a wrong key', async () => {
  const wrong = clientWith({ apiKey: 'sk-wrong' });
  await assert.rejects(wrong.chat.completions.create(PARIS), OpenAI.AuthenticationError);
  await assert.rejects(wrong.models.list(), OpenAI.AuthenticationError);
});

test('aborting a stream frees the server', async () => {
  const { tokens: before } = await live.metrics();
  const endless = { ...PARIS, ignore_eos: true, max_tokens: 7000, logprobs: true, top_logprobs: 20 };
  const stream = await create({ ...endless, stream: true });
  let count = 0;
  for await (const chunk of stream) {
    count += chunk.choices.length;
    if (count === 5) break;
  }
  const { tokens } = await live.runs(0);
  assert.ok(tokens - before < 6900, `${tokens - before} tokens`);
  const controller = new AbortController();
  const whole = create({ ...endless, temperature: 1, n: 4 }, { signal: controller.signal });
  const aborted = assert.rejects(whole, OpenAI.APIUserAbortError);
  await live.runs(1);
  controller.abort();
  await aborted;
  await live.runs(0);
});
