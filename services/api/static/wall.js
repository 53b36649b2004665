// A screen on a wall: it shows what is newest by itself, until it is paused.

import { fetched, swap, takeBack } from './parts.js';
import { barOfPage, CHANGED, follow, GONE, NEW, RATES, RELATED, spread } from './stream.js';

const AFTER_MS = 1000; // events come in tens: the page is asked for once

const bar = barOfPage();
if (bar) {
  let later = 0, isOld = false;
  const names = [...NEW, ...CHANGED, ...RELATED, ...GONE, ...RATES];
  const wire = follow(bar, names, (name, said, id) => {
    if (GONE.includes(name) || (said.data && said.data.redacted)) takeBack(id, wire.words.gone);
    load();
  });
  wire.onResume(() => {
    if (isOld) load();
  });

  function load() {
    if (later) return;
    later = setTimeout(async () => {
      later = 0;
      isOld = wire.isPaused();
      if (isOld) return;
      try {
        swap(await fetched(location.href), 'main');
      } catch {
        load();
      }
    }, spread(AFTER_MS));
  }
}
