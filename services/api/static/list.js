// A page of articles stays as it was read until its reader asks for what is new. Articles that are
// taken back go at once, and rates follow by themselves. Without scripts the page is the same, and
// still.

import { $, card, fetched, swap, takeBack } from './parts.js';
import {
  barOfPage, CHANGED, follow, GONE, NEW, RATES, RELATED, spread, STORIES,
} from './stream.js';

const COPIES = ['exact', 'near_duplicate', 'excerpt_of']; // the page shows what they are of
const RATES_MS = 1000; // rates come in tens: the ticker is asked for once
const IDS_MAX = 500; // counted up to here

const bar = barOfPage();
if (bar) {
  const fresh = $('fresh'), { about, ticker } = bar.dataset;
  const language = new URL(location.href).searchParams.get('language');
  let ticking = 0, isLoading = false, isOver = false;
  let asked = 0, shown = 0; // answers, by number: of which one the ticker is
  let isTickerOld = false; // a rate came while the page was paused
  let news = new Set(), changed = new Set();

  const names = [...NEW, ...CHANGED, ...RELATED, ...GONE, ...RATES, ...(about ? STORIES : [])];
  const wire = follow(bar, names, onEvent);
  wire.onResume(() => {
    if (isTickerOld) tick();
    isTickerOld = false;
  });

  function onEvent(name, said, id) {
    if (name === 'reset') isOver = true;
    else if (RATES.includes(name)) return tick();
    else if (GONE.includes(name) || said.data.redacted) {
      news.delete(id);
      changed.delete(id);
      takeBack(id, wire.words.gone);
    } else if (STORIES.includes(name)) {
      if (id === about || said.data.merged_story_id === about) count(changed, id);
    } else if (about || RELATED.includes(name)) {
      if (card(id)) count(changed, id);
    } else if (!language || said.data.language === language) {
      const isCopy = said.data.relations.some((one) => COPIES.includes(one.kind));
      count(NEW.includes(name) && !isCopy ? news : changed, id);
    }
    show();
  }

  function count(kind, id) {
    if (news.size + changed.size < IDS_MAX && !news.has(id)) kind.add(id);
  }

  function show() {
    const parts = [];
    if (news.size) parts.push(wire.counted('fresh', news.size));
    if (changed.size) parts.push(wire.counted('changed', changed.size));
    const text = isOver ? wire.words.afresh : parts.join(', ');
    if (fresh.textContent !== text) fresh.textContent = text;
    fresh.hidden = !text;
  }

  function tick() {
    if (ticking || !ticker) return;
    ticking = setTimeout(async () => {
      ticking = 0; // a rate that comes from here on may be missing from the answer
      const number = ++asked;
      try {
        const then = await fetched(ticker);
        if (wire.isPaused()) isTickerOld = true;
        else if (number > shown) { // else a later answer was faster
          shown = number;
          swap(then, '.ticker', bar);
        }
      } catch {
        // the next rate asks again
      }
    }, spread(RATES_MS));
  }

  // Whoever has scrolled down keeps the story that is being read where it is.
  function anchor() {
    // Of the bar itself nothing can be told: it is where the scrolling has put it.
    if ($('content').getBoundingClientRect().top >= bar.offsetHeight) return () => {};
    const links = [...document.querySelectorAll('main .headline a')];
    const link = links.find((one) => one.getBoundingClientRect().bottom > bar.offsetHeight);
    if (!link) return () => {};
    const path = link.getAttribute('href'), top = link.getBoundingClientRect().top;
    return () => {
      const again = document.querySelector(`main .headline a[href="${CSS.escape(path)}"]`);
      if (again) scrollBy({ top: again.getBoundingClientRect().top - top, behavior: 'instant' });
    };
  }

  async function load() {
    if (isLoading) return;
    isLoading = true; // a disabled button would lose the focus
    const number = ++asked;
    try {
      const then = await fetched(location.href), keep = anchor();
      const loaded = then.getElementById('live');
      const focused = document.activeElement, main = $('content');
      const path = main.contains(focused) ? focused.getAttribute('href') : null;
      news = new Set();
      changed = new Set();
      isOver = false;
      for (const part of ['.nameplate', 'main']) swap(then, part);
      if (number > shown) swap(then, '.ticker', bar);
      shown = Math.max(number, shown);
      show();
      if (path || focused === fresh || focused === main) {
        const same = path && main.querySelector(`a[href="${CSS.escape(path)}"]`);
        (same || main).focus({ preventScroll: true });
      }
      keep();
      // The page may be ahead of the stream: what it shows already is not counted again.
      if (loaded) wire.from(loaded);
    } catch {
      wire.say(wire.words.failed);
    } finally {
      isLoading = false;
    }
  }

  fresh.addEventListener('click', load);
}
