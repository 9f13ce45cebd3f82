// How long a key press takes: the work that the page has with it, the time to the paint, which waits for the
// next frame, and the time that the main thread itself ran, which other programs on the machine do not lengthen.

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

/** Presses a key `count` times in what has the focus, and sums up what it took, all in milliseconds. */
export async function press(page, key, count) {
  await page.evaluate(() => {
    window.presses = [];
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const ran = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const cpu = [];
  let before = await ran();
  for (let at = 0; at < count; at += 1) {
    await page.keyboard.press(key);
    await page.waitForTimeout(40);
    const now = await ran();
    cpu.push(now - before);
    before = now;
  }
  await devtools.detach();
  await page.waitForFunction((wanted) => window.presses.length >= wanted, count);
  const noted = await page.evaluate(() => window.presses);
  const presses = noted.slice(0, count).map((each, at) => ({ ...each, cpu: cpu[at] }));
  const at = (what, share) => {
    const times = presses.map((each) => each[what]).sort((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(times.length * share))];
  };
  return {
    work: at('work', 0.5),
    work95: at('work', 0.95),
    paint: at('paint', 0.5),
    paint95: at('paint', 0.95),
    cpu: at('cpu', 0.5),
    cpu95: at('cpu', 0.95),
  };
}

/** Some 200 messages of a conversation. */
export const LONG_CONVERSATION = Array.from({ length: 200 }, (_, at) => ({
  role: at % 2 ? 'assistant' : 'user',
  content: `Message ${at}. `.padEnd(200, 'Some words of a conversation. '),
}));

/** What a key press took, in words. */
export function words(where, took) {
  const two = (what) => `${what} median ${took[what].toFixed(1)} ms, p95 ${took[`${what}95`].toFixed(1)} ms`;
  return `a key press in ${where}: ${['cpu', 'work', 'paint'].map(two).join('; ')}`;
}
