// Keys for who reads much: a letter alone, never while something is written, and not at all for who
// has switched them off. Source: WCAG 2.2, 2.1.4.

const OFF = 'newswire-keys-off'; // its presence is the choice
const GO_MS = 1500; // between g and where to

const dialog = document.getElementById('keys'), button = document.getElementById('keys-open');
if (dialog && button && dialog.showModal) {
  const choice = dialog.querySelector('input');
  let wentAt = -GO_MS;

  // A browser that keeps nothing has them on.
  function isOff() {
    try {
      return localStorage.getItem(OFF) !== null;
    } catch {
      return false;
    }
  }

  function choose(isOn) {
    try {
      if (isOn) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, '1');
    } catch {
      choice.checked = true; // it could not be kept
    }
  }

  function help() {
    choice.checked = !isOff();
    dialog.showModal();
  }

  function headlines() {
    return [...document.querySelectorAll('main .headline a')].filter((a) => a.offsetParent);
  }

  // The headline after the focused one; without one, the first that is in sight.
  function move(step) {
    const all = headlines(), focused = document.activeElement;
    let next = all.indexOf(focused) + step;
    if (!all.includes(focused)) {
      const inside = focused && focused.closest('.story, main li');
      const own = inside ? all.findIndex((a) => inside.contains(a)) : -1;
      const seen = all.findIndex((a) => a.getBoundingClientRect().top >= 0);
      next = own >= 0 ? own + step : Math.max(seen, 0);
    }
    const link = all[Math.max(0, Math.min(next, all.length - 1))];
    if (!link) return;
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: 'nearest' });
  }

  function open() {
    const focused = document.activeElement, inside = focused && focused.closest('.story, main li');
    const link = headlines().find((a) => a === focused || (inside && inside.contains(a)));
    if (link) link.click();
  }

  function press(id) {
    const found = document.getElementById(id);
    if (found && !found.hidden) found.click();
  }

  function search() {
    const field = document.querySelector('input[type=search]');
    if (field) field.focus();
    return field;
  }

  const ACTS = {
    j: () => move(1), k: () => move(-1), o: open, p: () => press('pause'), n: () => press('fresh'),
    '/': search, '?': help,
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || dialog.open || isOff()) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const isSoon = event.timeStamp - wentAt < GO_MS;
    const place = isSoon && dialog.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    wentAt = event.key === 'g' ? event.timeStamp : -GO_MS;
    if (place) location.assign(place.href);
    else if (!ACTS[event.key] || ACTS[event.key]() === null) return;
    event.preventDefault();
  });
  button.addEventListener('click', help);
  choice.addEventListener('change', () => choose(choice.checked));
  button.hidden = false;
}
