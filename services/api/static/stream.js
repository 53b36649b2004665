// The wire as a page hears it: opened, lost, paused, slept through, and caught up with from one
// cursor on. A page gives a bar with its stream and its words, and is told of every event.

const AGAIN_MS = 5000; // after an answer that was no stream
const SPREAD_MS = 2000; // so that not every reader asks in the same instant
const LOOK_MS = 10000; // between two looks at the clock
const ASLEEP_MS = 30000; // no look for so long: the machine slept, and the connection may be dead

export const NEW = ['article.published', 'article.released'];
export const CHANGED = ['article.updated', 'article.corrected', 'article.refiled'];
export const RELATED = ['relation.changed'];
export const GONE = ['article.canceled', 'article.withheld'];
export const RATES = ['rate.quoted', 'rate.reconfirmed', 'rate.restated', 'rate.disputed'];
export const STORIES = ['story.grew', 'story.merged', 'story.split', 'story.closed'];

// The bar of a page that follows the wire; null: the page stands still, or the browser cannot.
export function barOfPage() {
  return window.EventSource && window.DOMParser ? document.getElementById('live') : null;
}

// A number of milliseconds, and some more that differ from reader to reader.
export const spread = (ms) => ms + Math.random() * SPREAD_MS;

// `heard` is given the name of each event, what it says, and the id of its subject. A name of
// `reset` says that events are missing for ever: the page has to be loaded afresh.
export function follow(bar, names, heard) {
  const words = JSON.parse(bar.dataset.words);
  const kindOf = new Intl.PluralRules(document.documentElement.lang);
  const state = bar.querySelector('.state'), pause = bar.querySelector('.pause');
  const stream = new URL(bar.dataset.stream, location.href);
  const resumed = [];
  let source = null, later = 0, isPaused = false, lookedAt = Date.now();

  function say(text) {
    if (state.textContent !== text) state.textContent = text;
  }

  function open() {
    if (source || isPaused || document.hidden) return;
    clearTimeout(later);
    source = new EventSource(stream);
    source.onopen = () => say(words.live);
    source.onerror = onError;
    for (const name of ['reset', ...names]) source.addEventListener(name, onEvent);
  }

  function close() {
    clearTimeout(later);
    if (source) source.close();
    source = null;
  }

  function again() {
    close();
    open();
  }

  function onError() {
    if (isPaused) return;
    say(words.lost);
    if (source && source.readyState === EventSource.CLOSED) {
      close();
      later = setTimeout(open, spread(AGAIN_MS));
    }
  }

  function onEvent(event) {
    say(words.live);
    stream.searchParams.set('after', event.lastEventId);
    if (event.type === 'reset') return heard('reset', {}, '');
    const said = JSON.parse(event.data);
    heard(event.type, said, said.subject.split(':').pop());
  }

  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? words.resume : words.pause;
    if (isPaused) {
      close();
      say(words.paused);
    } else {
      say(words.connecting);
      open();
      for (const act of resumed) act();
    }
  });
  // A hidden page holds no connection, of which a browser has six for a host; it catches up after.
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  // A connection of before may look open for minutes after the network came back.
  addEventListener('online', again);
  setInterval(() => {
    const slept = Date.now() - lookedAt > LOOK_MS + ASLEEP_MS;
    lookedAt = Date.now();
    if (slept) again();
  }, LOOK_MS);

  bar.hidden = false;
  say(words.connecting);
  open();
  return {
    say,
    words,
    isPaused: () => isPaused,
    // Words that go with a number, in the form that the page's language has for it.
    counted: (name, number) =>
      (words[name][kindOf.select(number)] || words[name].other).replace('{n}', number),
    onResume: (act) => resumed.push(act),
    // Goes on where another copy of the page stands.
    from(other) {
      const begin = new URL(other.dataset.stream, location.href);
      stream.searchParams.set('after', begin.searchParams.get('after'));
      again();
    },
  };
}
