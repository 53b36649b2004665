// Parts of a page: asked for again, put in the place of what is there, and taken back.

export const $ = (id) => document.getElementById(id);

// A page or a part of one, as it is by now; of an error too where `evenThen`.
export async function fetched(path, evenThen = false) {
  const answer = await fetch(path, { headers: { Accept: 'text/html' } });
  if (!answer.ok && !evenThen) throw new Error(`${path} was answered with ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

// Puts a part of another page in the place of ours; one that has the focus stays, but for `main`.
export function swap(from, selector, before) {
  const now = document.querySelector(selector), then = from.querySelector(selector);
  if (now && selector !== 'main' && now.contains(document.activeElement)) return;
  if (now && then) now.replaceChildren(...document.adoptNode(then).childNodes);
  else if (then && before) before.before(document.adoptNode(then));
}

// What shows an article in a list; null: nothing does.
export function card(id) {
  const link = document.querySelector(`main .headline a[href$="/articles/${CSS.escape(id)}"]`);
  return link && link.closest('.story, li');
}

// What may not be shown any more leaves the page at once; its place stays, so that nothing moves.
export function takeBack(id, words) {
  const story = card(id);
  const bearers = document.querySelectorAll(`[data-article="${CSS.escape(id)}"]`);
  for (const place of new Set([...(story ? [story] : []), ...bearers])) {
    const said = document.createElement(place.localName.startsWith('h') ? 'span' : 'p');
    said.className = 'gone';
    said.textContent = words;
    if (place.contains(document.activeElement)) $('content').focus({ preventScroll: true });
    place.style.minHeight = `${place.getBoundingClientRect().height}px`;
    place.replaceChildren(said);
    if (place.localName === 'h1') forgetHead();
  }
}

// What stands in the head of a page speaks of the text as well.
export function forgetHead() {
  document.title = document.title.split(' – ').pop();
  const told = 'meta[property], meta[name=description], script[type="application/ld+json"]';
  for (const one of document.head.querySelectorAll(told)) one.remove();
}
