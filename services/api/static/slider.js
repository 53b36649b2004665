// Says which instant the thumb of the slider stands for while it moves. Without this script the slider
// is a form like any other, and the page that it leads to says the instant.
'use strict';

(() => {
  const slider = document.getElementById('at'), shown = document.querySelector('output[for="at"]');
  const samples = JSON.parse(slider.dataset.samples), words = JSON.parse(slider.dataset.words);
  const { lang } = document.documentElement; // in English days go before months, as on the page
  const format = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, {
    timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit',
    hourCycle: 'h23', timeZoneName: 'short',
  });

  function seconds(seq) { // between two samples as if all events were at like distances
    const next = Math.max(1, samples.findIndex((one) => one[0] >= seq));
    const [from, to] = [samples[next - 1], samples[next]];
    return from[1] + (to[1] - from[1]) * (seq - from[0]) / (to[0] - from[0]);
  }

  function say() {
    const seq = Number(slider.value);
    const time = format.format(new Date(1000 * seconds(seq)));
    const text = seq === Number(slider.max) ? words.now
      : words.at.replace('{time}', time).replace('{seq}', seq);
    shown.textContent = text;
    slider.setAttribute('aria-valuetext', text);
  }

  slider.addEventListener('input', say);
  window.addEventListener('pageshow', say); // a browser that goes back keeps where the thumb was
  say();
})();
