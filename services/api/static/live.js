// The front page stays as it was read until its reader asks for what is new. Taken-back articles go
// at once, and rates follow by themselves. Without this script the page is the same, and still.
// Its words are the page's: in the page's language, a form for each kind of number.
'use strict';

(() => {
  const $ = (id) => document.getElementById(id);
  const bar = $('live');
  if (!bar || !window.EventSource || !window.DOMParser) return;
  const fresh = $('fresh'), state = $('state'), pause = $('pause');

  const NEW = ['article.published', 'article.released'];
  const CHANGED = ['article.updated', 'article.corrected', 'article.refiled', 'relation.changed'];
  const GONE = ['article.canceled', 'article.withheld'];
  const RATES = ['rate.quoted', 'rate.reconfirmed', 'rate.restated', 'rate.disputed'];
  const COPIES = ['exact', 'near_duplicate', 'excerpt_of']; // the page shows what they are of
  const AGAIN_MS = 5000; // after an answer that was no stream
  const RATES_MS = 1000; // rates come in tens: the ticker is asked for once
  const SPREAD_MS = 2000; // so that not every reader asks in the same instant
  const IDS_MAX = 500; // counted up to here

  const words = JSON.parse(bar.dataset.words);
  const kindOf = new Intl.PluralRules(document.documentElement.lang);
  const stream = new URL(bar.dataset.stream, location.href);
  const language = new URL(location.href).searchParams.get('language');
  let source = null, later = 0, ticking = 0, isPaused = false, isLoading = false, isOver = false;
  let asked = 0, shown = 0; // pages, by number: of which one the ticker is
  let isTickerOld = false; // a rate came while the page was paused
  let news = new Set(), changed = new Set();

  function say(text) {
    if (state.textContent !== text) state.textContent = text;
  }

  function counted(forms, number) {
    return (forms[kindOf.select(number)] || forms.other).replace('{n}', number);
  }

  function open() {
    if (source || isPaused || document.hidden) return;
    clearTimeout(later);
    source = new EventSource(stream);
    source.onopen = () => say(words.live);
    source.onerror = onError;
    source.addEventListener('reset', onReset);
    for (const name of [...NEW, ...CHANGED, ...GONE, ...RATES]) {
      source.addEventListener(name, onEvent);
    }
  }

  function close() {
    clearTimeout(later);
    if (source) source.close();
    source = null;
  }

  function onError() {
    if (isPaused) return;
    say(words.lost);
    if (source && source.readyState === EventSource.CLOSED) {
      close();
      later = setTimeout(open, AGAIN_MS + Math.random() * SPREAD_MS);
    }
  }

  function onReset(event) {
    stream.searchParams.set('after', event.lastEventId);
    isOver = true;
    show();
  }

  function onEvent(event) {
    say(words.live);
    stream.searchParams.set('after', event.lastEventId);
    const said = JSON.parse(event.data);
    if (RATES.includes(event.type)) {
      tick();
      return;
    }
    const id = said.subject.split(':').pop();
    if (GONE.includes(event.type) || said.data.redacted) {
      takeBack(id);
    } else if (event.type === 'relation.changed') {
      if (card(id)) count(changed, id);
    } else if (!language || said.data.language === language) {
      const isCopy = said.data.relations.some((one) => COPIES.includes(one.kind));
      count(NEW.includes(event.type) && !isCopy ? news : changed, id);
    }
    show();
  }

  function count(kind, id) {
    if (news.size + changed.size < IDS_MAX && !news.has(id)) kind.add(id);
  }

  function card(id) {
    const link = document.querySelector(`main .headline a[href$="/articles/${CSS.escape(id)}"]`);
    return link && link.closest('.story');
  }

  // What may not be shown any more leaves the page at once; its place stays, so that nothing moves.
  function takeBack(id) {
    news.delete(id);
    changed.delete(id);
    const story = card(id);
    if (!story) return;
    const said = document.createElement('p');
    said.className = 'gone';
    said.textContent = words.gone;
    if (story.contains(document.activeElement)) $('content').focus({ preventScroll: true });
    story.style.minHeight = `${story.getBoundingClientRect().height}px`;
    story.replaceChildren(said);
  }

  function show() {
    const said = [];
    if (news.size) said.push(counted(words.fresh, news.size));
    if (changed.size) said.push(counted(words.changed, changed.size));
    const text = isOver ? words.afresh : said.join(', ');
    if (fresh.textContent !== text) fresh.textContent = text;
    fresh.hidden = !text;
  }

  async function page() {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok) throw new Error(`the page was answered with ${answer.status}`);
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  }

  function swap(from, selector) {
    const now = document.querySelector(selector), then = from.querySelector(selector);
    if (now && selector !== 'main' && now.contains(document.activeElement)) return;
    if (now && then) now.replaceChildren(...document.adoptNode(then).childNodes);
    else if (then) bar.before(document.adoptNode(then));
  }

  function tick() {
    if (ticking) return;
    ticking = setTimeout(async () => {
      ticking = 0; // a rate that comes from here on may be missing from the answer
      const number = ++asked;
      try {
        const then = await page();
        if (isPaused) isTickerOld = true;
        else if (number > shown) { // else a later answer was faster
          shown = number;
          swap(then, '.ticker');
        }
      } catch {
        // the next rate asks again
      }
    }, RATES_MS + Math.random() * SPREAD_MS);
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
      const then = await page(), keep = anchor();
      const loaded = then.getElementById('live');
      const focused = document.activeElement, main = $('content');
      const path = main.contains(focused) ? focused.getAttribute('href') : null;
      news = new Set();
      changed = new Set();
      isOver = false;
      for (const part of ['.nameplate', 'main']) swap(then, part);
      if (number > shown) swap(then, '.ticker');
      shown = Math.max(number, shown);
      show();
      if (path || focused === fresh || focused === main) {
        const same = path && main.querySelector(`a[href="${CSS.escape(path)}"]`);
        (same || main).focus({ preventScroll: true });
      }
      keep();
      if (loaded) {
        // The page may be ahead of the stream: what it shows already is not counted again.
        const begin = new URL(loaded.dataset.stream, location.href);
        stream.searchParams.set('after', begin.searchParams.get('after'));
        close();
        open();
      }
    } catch {
      say(words.failed);
    } finally {
      isLoading = false;
    }
  }

  fresh.addEventListener('click', load);
  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? words.resume : words.pause;
    if (isPaused) {
      close();
      say(words.paused);
    } else {
      say(words.connecting);
      open();
      if (isTickerOld) tick();
      isTickerOld = false;
    }
  });
  // A hidden page holds no connection, of which a browser has six for a host; it catches up after.
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);

  bar.hidden = false;
  say(words.connecting);
  open();
})();
