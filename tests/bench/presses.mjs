// How long a key press takes: the work that the page has with it, and the time to the paint, which waits
// for the next frame.

/** Begins to note down in the page what each key press takes, in `window.presses`. */
export function watchPresses() {
  const later = (after) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = after;
    channel.port2.postMessage(0);
  };
  window.presses = [];
  document.addEventListener(
    'keydown',
    () => {
      const start = performance.now();
      let script;
      later(() => {
        script = performance.now() - start;
      });
      requestAnimationFrame(() => {
        const frame = performance.now();
        later(() => {
          const end = performance.now();
          // Where the frame came before the message, its time is not counted twice.
          const before = Math.min(script || Infinity, frame - start);
          window.presses.push({ work: before + end - frame, paint: end - start });
        });
      });
    },
    true,
  );
}

/** Presses a key `count` times in what has the focus, and sums up what it took. */
export async function press(page, key, count) {
  await page.evaluate(() => {
    window.presses = [];
  });
  for (let at = 0; at < count; at += 1) {
    await page.keyboard.press(key);
    await page.waitForTimeout(40);
  }
  await page.waitForFunction((wanted) => window.presses.length >= wanted, count);
  const presses = await page.evaluate(() => window.presses);
  const at = (what, share) => {
    const times = presses.map((each) => each[what]).sort((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(times.length * share))];
  };
  return {
    work: at('work', 0.5),
    work95: at('work', 0.95),
    paint: at('paint', 0.5),
    paint95: at('paint', 0.95),
  };
}

/** Some 200 messages of a conversation. */
export const LONG_CONVERSATION = Array.from({ length: 200 }, (_, at) => ({
  role: at % 2 ? 'assistant' : 'user',
  content: `Message ${at}. `.padEnd(200, 'Some words of a conversation. '),
}));
