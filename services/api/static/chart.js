// A line that can be read: by pointer, by keyboard, over a month, a year, or all there is. Without
// this script, or where it finds no data, the drawing and the table of the page stay as they are.
'use strict';

(() => {
  const page = document.querySelector('[data-rates]');
  if (!page || !window.uPlot || !window.fetch || !window.ResizeObserver) return;

  const DAY_S = 86400;
  const GAP_S = 31 * DAY_S; // nothing holds longer: over a wider gap no line is drawn
  // What places on the line of time may be apart; uPlot would tell hours apart of values of a day.
  const STEPS_S = [1, 2, 3, 5, 10, 15, 30, 60, 90, 180, 365, 730, 1825, 3650].map((one) => one * DAY_S);
  // Browsers lack the months of Kazakh, Kyrgyz and Uzbek: there a day is numbers, as in 03.03.2026,
  // and a decimal mark a comma, which is how Russian has both.
  const isNamed = ['en', 'ru'].includes(document.documentElement.lang);
  const lang = document.documentElement.lang === 'en' ? 'en-GB' : 'ru';
  const dateStyle = isNamed ? 'long' : 'short';
  const shortDay = isNamed ? 'numeric' : '2-digit';
  const shortMonth = isNamed ? 'short' : '2-digit';
  const day = new Intl.DateTimeFormat(lang, { dateStyle, timeZone: 'UTC' });
  const instant = new Intl.DateTimeFormat(lang, {
    dateStyle, timeStyle: 'short', timeZone: 'UTC', hourCycle: 'h23',
  });
  const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 10 });
  const mark = number.formatToParts(0.5).find((one) => one.type === 'decimal').value;
  const colour = (name) => () =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const asked = {};
  // `year` is what the address gives by itself; all of it comes as one value a week.
  function answer(range) {
    const query = range === 'all' ? '?from=1900-01-01&step=week' : '';
    asked[range] ??= fetch(page.dataset.rates + query).then((found) => {
      if (!found.ok) throw new Error(String(found.status));
      return found.json();
    });
    return asked[range];
  }

  function series(items, chart) {
    const { source, kind, nominal } = chart.dataset;
    return items
      .filter((one) => one.source === source && one.kind === kind)
      .map((one) => {
        const text = one.close ?? one.value;
        const value = (Number(text) / one.nominal) * Number(nominal);
        return { at: Date.parse(one.as_of) / 1000, value, text, for: one.nominal, asOf: one.as_of };
      });
  }

  // A place without a value between two that are too far from each other: the line ends there.
  function broken(points) {
    const found = [];
    for (const one of points) {
      const before = found.at(-1);
      if (before && one.at - before.at > GAP_S) {
        found.push({ at: (before.at + one.at) / 2, value: null });
      }
      found.push(one);
    }
    return found;
  }

  class Chart {
    constructor(element) {
      this.element = element;
      this.place = element.querySelector('.plot');
      this.said = element.querySelector('.reading');
      this.points = [];
      this.at = 0;
      for (const button of element.querySelectorAll('button')) {
        button.addEventListener('click', () => this.show(button.dataset.range));
      }
      this.place.addEventListener('keydown', (event) => this.onKey(event));
    }

    async show(range) {
      const found = await answer(range === 'all' ? 'all' : 'year').catch(() => null);
      const all = found ? series(found.items, this.element) : [];
      const since = (all.at(-1)?.at ?? 0) - GAP_S;
      const points = range === 'month' ? all.filter((one) => one.at >= since) : all;
      if (points.length < 2) return;
      this.points = broken(points);
      for (const button of this.element.querySelectorAll('button')) {
        button.setAttribute('aria-pressed', String(button.dataset.range === range));
      }
      this.element.hidden = false;
      this.element.parentElement.classList.add('drawn');
      this.draw();
      this.point(this.points.length - 1);
    }

    // uPlot lays itself out in a microtask of its own; only behind it places are known.
    point(index) {
      this.tell(index);
      queueMicrotask(() => this.read(index));
    }

    size() {
      return { width: this.place.clientWidth, height: this.place.clientHeight };
    }

    draw() {
      const data = [this.points.map((one) => one.at), this.points.map((one) => one.value)];
      if (this.plot) {
        this.plot.setData(data);
        return;
      }
      const axis = { stroke: colour('--quiet'), font: '12px system-ui, sans-serif' };
      const lines = { stroke: colour('--rule'), width: 1 };
      this.plot = new uPlot({
        ...this.size(),
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'UTC'),
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: { x: { time: true } },
        series: [{}, {
          stroke: colour('--link'), width: 2, spanGaps: false, points: { fill: colour('--paper') },
        }],
        axes: [
          {
            ...axis, grid: lines, ticks: lines, size: 36, space: 70, incrs: STEPS_S,
            values: (_, at) => this.dates(at),
          },
          {
            ...axis, grid: lines, ticks: { show: false },
            values: (_, found) => found.map((one) => number.format(one)),
            size: (_, texts) => 14 + 7 * Math.max(1, ...(texts ?? []).map((one) => one.length)),
          },
        ],
        hooks: { setCursor: [(plot) => this.onCursor(plot.cursor.idx)] },
      }, data, this.place);
      new ResizeObserver(() => {
        this.plot.setSize(this.size());
        this.point(this.at);
      }).observe(this.place);
    }

    // Days where they lie close, months, then years: as few words as tell them apart.
    dates(at) {
      const apart = at.length > 1 ? (at[1] - at[0]) / DAY_S : 1;
      const form = apart < 28 ? { day: shortDay, month: shortMonth }
        : apart < 300 ? { month: shortMonth, year: 'numeric' } : { year: 'numeric' };
      const written = new Intl.DateTimeFormat(lang, { ...form, timeZone: 'UTC' });
      return at.map((one) => written.format(new Date(one * 1000)));
    }

    onCursor(index) {
      if (index !== null && index !== undefined && this.points[index]?.text) this.tell(index);
    }

    onKey(event) {
      const last = this.points.length - 1;
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      const goal = { Home: 0, End: last }[event.key] ?? (step && this.at + step);
      if (goal === undefined) return;
      event.preventDefault();
      // A gap is stepped over.
      const index = this.points[goal]?.text ? goal : goal + (step ?? 0);
      this.read(Math.min(last, Math.max(0, index)));
    }

    read(index) {
      const one = this.points[index];
      const left = this.plot.valToPos(one.at, 'x');
      const top = this.plot.valToPos(one.value, 'y');
      this.plot.setCursor({ left, top }, false);
      this.tell(index);
    }

    tell(index) {
      const one = this.points[index];
      this.at = index;
      const when = one.asOf.includes('T') ? instant : day;
      const more = one.for === Number(this.element.dataset.nominal) ? '' : ` / ${one.for}`;
      const value = one.text.replace('.', mark); // with the digits that were printed
      const text = `${when.format(new Date(one.at * 1000))}: ${value}${more}`;
      this.said.textContent = text;
      this.place.setAttribute('aria-valuemax', String(this.points.length - 1));
      this.place.setAttribute('aria-valuenow', String(index));
      this.place.setAttribute('aria-valuetext', text);
    }
  }

  const charts = [...document.querySelectorAll('.chart')].map((one) => new Chart(one));
  for (const one of charts) one.show('year');
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const one of charts) one.plot?.redraw();
  });
})();
