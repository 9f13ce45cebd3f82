// The recordings of a real server, as they lie in tests/recordings: NAME.request.json,
// NAME.response.json and NAME.body. Bodies are bytes and are never decoded here.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../recordings/', import.meta.url));

/**
 * One recorded request and its answer.
 * @typedef {object} Recording
 * @property {string} name the file name without its endings
 * @property {{method: string, path: string, body: unknown}} request
 * @property {number} status
 * @property {Record<string, string>} headers names in lower case
 * @property {Buffer} body the exact bytes of the answer
 */

/** The names of all recordings, sorted. */
export function recordingNames() {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.response.json'))
    .map((file) => file.slice(0, -'.response.json'.length))
    .sort();
}

/**
 * Reads a recording. An unknown name throws.
 * @param {string} name
 * @returns {Recording}
 */
export function loadRecording(name) {
  const json = (kind) => JSON.parse(readFileSync(`${FOLDER}${name}.${kind}.json`, 'utf8'));
  const { status, headers } = json('response');
  return {
    name,
    request: json('request'),
    status,
    headers: Object.fromEntries(headers.map(([key, value]) => [key.toLowerCase(), value])),
    body: readFileSync(`${FOLDER}${name}.body`),
  };
}

/** The recordings of `POST …/chat/completions`, in order of name. */
export function chatRecordings() {
  return recordingNames()
    .map(loadRecording)
    .filter(({ request }) => request.method === 'POST');
}

/** Whether the answer is an event stream. */
export function isStream(recording) {
  return (recording.headers['content-type'] ?? '').startsWith('text/event-stream');
}
