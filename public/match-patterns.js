// Holds patterns against texts, one after the other, away from the page: a pattern that tries a text in
// every way takes longer than anybody waits, and a worker can be ended.
onmessage = ({ data: [pattern, flags, text] }) => {
  let answer = null;
  try {
    const found = new RegExp(pattern, flags).exec(text);
    answer = found ? [found.index, found.index + found[0].length] : [];
  } catch {
    // The pattern is none here, or the text is too much for the engine.
  }
  postMessage(answer);
};
postMessage('ready');
