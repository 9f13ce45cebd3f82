// The floor: what a page costs that does nothing but read a stream and append its text once a frame.

window.run = async (url, body) => {
  const place = document.getElementById('text');
  place.textContent = '';
  let waiting = '';
  const paint = () => {
    place.append(waiting);
    waiting = '';
  };
  const add = (text) => {
    if (text === '') return;
    if (waiting === '') requestAnimationFrame(paint);
    waiting += text;
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = event.slice('data: '.length);
      if (data !== '[DONE]') add(JSON.parse(data).choices[0]?.delta?.content ?? '');
    }
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
};
