// Runs before the program: sets the theme before the first paint, and stands by with a panel that
// offers the request for copying should the program break. Needs nothing of the program itself.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem('playground.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme is as good.
  }

  const saved = () => {
    try {
      return localStorage.getItem('playground.body') ?? '';
    } catch {
      return '';
    }
  };

  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  const show = (what, request) => {
    if (document.querySelector('[data-rescue]')) return;
    const panel = document.createElement('section');
    panel.className = 'rescue';
    panel.dataset.rescue = '';
    panel.setAttribute('role', 'alertdialog');
    panel.setAttribute('aria-labelledby', 'rescue-title');
    const title = element('h1', 'The playground has stopped');
    title.id = 'rescue-title';
    panel.append(title, element('p', 'This is a fault of the page, not of the endpoint. Reloading starts it again.'));
    if (request) {
      const area = element('textarea', request);
      area.readOnly = true;
      area.setAttribute('aria-label', 'Your request');
      const copy = element('button', 'Copy the request');
      copy.addEventListener('click', async () => {
        try {
          await navigator.clipboard.writeText(request);
          copy.textContent = 'Copied';
        } catch {
          area.select();
        }
      });
      panel.append(element('p', 'Your request is kept; copy it if you want to be sure.'), area);
      const buttons = document.createElement('div');
      buttons.append(copy, reloadButton());
      panel.append(buttons);
    } else {
      panel.append(reloadButton());
    }
    panel.append(element('pre', what));
    document.body.append(panel);
    panel.querySelector('button')?.focus();
  };

  const reloadButton = () => {
    const reload = element('button', 'Reload the page');
    reload.addEventListener('click', () => location.reload());
    return reload;
  };

  let up = false;
  addEventListener('playground:up', () => {
    up = true;
    document.querySelector('.starting')?.remove();
  });
  addEventListener('playground:panic', (event) => show(event.detail[0], event.detail[1] || saved()));
  // Before the program is up, any error means that it cannot start at all.
  const failed = (reason) => {
    if (up) return;
    const words = typeof WebAssembly === 'object' ? 'It could not start: ' : 'This browser has no WebAssembly: ';
    show(words + reason, saved());
  };
  addEventListener('error', (event) => failed(event.message ?? 'a file is missing'), true);
  addEventListener('unhandledrejection', (event) => failed(String(event.reason)));
})();
