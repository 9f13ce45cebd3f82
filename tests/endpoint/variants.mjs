// The same event stream in other spellings that the WHATWG standard allows: a reader must find the
// same events in all of them. Recordings end their lines with a single LF.

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** CRLF line ends. */
export const crlf = (body) => lines(body, '\r\n');

/** CR line ends. */
export const cr = (body) => lines(body, '\r');

/** A byte order mark before the first line. */
export const withBom = (body) => Buffer.concat([BOM, body]);

/** A comment before each event, as gateways send to keep a connection alive. */
export const withHeartbeats = (body) =>
  rewrite(body, (event) => `: heartbeat\n\n:\n${event}`);

/** No space after the colon of a field. */
export const withoutSpaces = (body) =>
  rewrite(body, (event) => event.replace(/^data: /gm, 'data:'));

/** Other fields beside `data`, which a reader of chunks has no use for. */
export const withFields = (body) => {
  let id = 0;
  return rewrite(body, (event) => `event: message\nid: ${id++}\nretry: 3000\n${event}`);
};

/** Each JSON text over several `data` lines, which are joined by LF; a JSON reader takes that. */
export const multiLine = (body) =>
  rewrite(body, (event) => event.replace(/^data: \{/gm, 'data: {\ndata: '));

/**
 * An error event after the first `count` events, then what vLLM ends every stream with.
 * @param {Buffer} body
 * @param {number} count
 * @param {object} error
 */
export function errorAfter(body, count, error) {
  const kept = events(body).slice(0, count);
  return join([...kept, `data: ${JSON.stringify({ error })}`, 'data: [DONE]']);
}

/** The number of bytes of the first `count` events. */
export function bytesOfEvents(body, count) {
  return join(events(body).slice(0, count)).length;
}

// Latin-1 maps every byte to one character and back, so nothing inside is touched.
const events = (body) => body.toString('latin1').split('\n\n').filter(Boolean);
const join = (parts) => Buffer.from(parts.map((event) => `${event}\n\n`).join(''), 'latin1');
const rewrite = (body, change) => join(events(body).map(change));
const lines = (body, end) => Buffer.from(body.toString('latin1').replaceAll('\n', end), 'latin1');
