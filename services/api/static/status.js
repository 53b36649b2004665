// The page of operators follows the desk by itself, until it is told to stop. Without this script it
// stays as it was read.
'use strict';

(() => {
  const EVERY_MS = 5000;
  const ANSWER_MS = 4000;
  const button = document.getElementById('refresh'), said = document.getElementById('refreshed');
  let isPaused = false;

  function isRead() { // somebody marks a command, or has opened what is folded
    const chosen = document.getSelection();
    return (chosen && !chosen.isCollapsed) || document.querySelector('#status details[open]')
      || document.activeElement.closest('#status');
  }

  async function refresh() {
    if (isPaused || document.hidden || isRead()) return;
    try {
      const answer = await fetch('/status', { signal: AbortSignal.timeout(ANSWER_MS) });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const its = fresh.getElementById('status');
      if (!answer.ok || !its) throw new Error(answer.statusText);
      if (isPaused || isRead()) return;
      document.getElementById('status').replaceWith(its);
      said.textContent = '';
    } catch {
      said.textContent = 'The api does not answer; what stands here is old.';
    }
  }

  button.hidden = false;
  button.addEventListener('click', () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? 'Go on' : 'Pause';
    refresh();
  });
  document.addEventListener('visibilitychange', refresh);
  (async () => {
    for (;;) {
      await new Promise((done) => setTimeout(done, EVERY_MS));
      await refresh();
    }
  })();
})();
