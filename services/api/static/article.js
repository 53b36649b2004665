// A page of one article: what was taken back vanishes at once, and that it was changed is told.

import { $, fetched, forgetHead, swap } from './parts.js';
import { barOfPage, CHANGED, follow, GONE, NEW } from './stream.js';

const bar = barOfPage();
if (bar) {
  const fresh = $('fresh'), { about } = bar.dataset;
  const wire = follow(bar, [...NEW, ...CHANGED, ...GONE], onEvent);

  function onEvent(name, said, id) {
    if (name === 'reset') offer(wire.words.afresh);
    else if (id !== about) return;
    else if (GONE.includes(name) || said.data.redacted) takeBack();
    else offer(wire.words[name] || wire.words.back);
  }

  function offer(text) {
    fresh.textContent = text;
    fresh.hidden = false;
  }

  async function takeBack() {
    const gone = document.createElement('p');
    gone.className = 'gone';
    gone.textContent = wire.words.gone;
    $('content').replaceChildren(gone);
    forgetHead();
    fresh.hidden = true;
    wire.say(wire.words.gone);
    try {
      const notice = await fetched(location.href, true);
      // Somebody who put it back meanwhile is told of by an event of its own.
      if (!notice.getElementById('live')) swap(notice, 'main');
    } catch {
      // what is said already suffices
    }
  }

  fresh.addEventListener('click', async () => {
    try {
      const then = await fetched(location.href), loaded = then.getElementById('live');
      document.title = then.title;
      swap(then, 'main');
      fresh.hidden = true;
      $('content').focus({ preventScroll: true });
      if (loaded) wire.from(loaded);
    } catch {
      wire.say(wire.words.failed);
    }
  });
}
