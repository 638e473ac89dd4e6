// One chart over time: uPlot with our axis, a readout that doubles as its legend, marks, and a keyboard.

import uPlot from './uplot.js';
import { h, say, mark } from './dom.js';
import { axisFont, labelRoom } from './axis.js';
import { colour, onChange, smallText } from './theme.js';

const STEPPED = uPlot.paths.stepped({ align: 1 });

/** Counts from zero, with a little room above. */
function fromZero(_, min, max) {
  return [0, max > 0 ? max * 1.08 : 1];
}

/** Whole decades. */
function decades(_, min, max) {
  if (min === null || max === null || min <= 0) {
    return [1, 1000];
  }
  return [10 ** Math.floor(Math.log10(min)), 10 ** Math.ceil(Math.log10(max * 1.01))];
}

/** Slanted stripes, so that a shaded area is one for those who see no colours, too. */
function stripes(ctx, ink) {
  const size = 8;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const pen = tile.getContext('2d');
  pen.fillStyle = ink;
  pen.globalAlpha = 0.22;
  pen.fillRect(0, 0, size, size);
  pen.globalAlpha = 0.6;
  pen.strokeStyle = ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return ctx.createPattern(tile, 'repeat');
}

export class Chart {
  element;

  #axis;
  #options;
  #plot;
  #place;
  #readout;
  #values;
  #data = [[]];
  #exact = [];
  #cursor = null;
  #observer;
  #endTheme;

  /**
   * @param axis the TimeAxis that it shares
   * @param options `title`; `name` (a word for tests and styles); `series`: `[{ key, label, colour, dash, width }]`, the colour a token's name; `format` of a value for
   *     the readout and, unless there is `tick`, for the axis; `log` for an axis of decades, on which zeros lie at its foot; `shade`: `[upper, lower]`, two keys between
   *     which the area is shaded where upper lies above; `paint(plot)` for what is drawn behind the lines, `scale` for the y scale of it, `key` for what stands in the
   *     place of a legend; `tools`: elements beside the title
   */
  constructor(axis, options) {
    this.#axis = axis;
    this.#options = { tick: options.format, tools: [], ...options };
    this.#place = h('div', { class: 'plot', tabindex: 0, role: 'img', 'aria-label': options.title, onkeydown: (event) => this.#key(event), ondblclick: () => axis.follow(null) });
    this.#values = options.series.map(() => h('b', {}, '–'));
    this.#readout = h('ul', { class: 'readout' }, options.series.map((series, index) => h('li', {}, this.#chip(series, index))), options.key ? h('li', {}, options.key) : null);
    this.element = h(
      'figure',
      { class: 'card chart', 'data-chart': options.name },
      h('header', {}, h('h2', {}, options.title), ...this.#options.tools),
      this.#readout,
      this.#place,
    );
    this.#observer = new ResizeObserver(() => this.#fit());
    this.#observer.observe(this.#place);
    this.#endTheme = onChange(() => this.redraw());
  }

  /** A legend's entry: shows the value, and a click hides or shows the line. */
  #chip({ label, colour: token, dash }, index) {
    const toggle = (event) => {
      const show = event.currentTarget.getAttribute('aria-pressed') !== 'true';
      mark(event.currentTarget, 'aria-pressed', show);
      this.#plot?.setSeries(index + 1, { show });
    };
    return h(
      'button',
      { type: 'button', class: 'quiet', 'aria-pressed': 'true', onclick: toggle },
      h('i', { class: dash ? 'swatch dashed' : 'swatch', 'data-colour': token, 'aria-hidden': 'true' }),
      `${label} `,
      this.#values[index],
    );
  }

  /** Takes columns by second, the `seconds` that each row stands for, and draws. */
  set(columns, seconds) {
    const times = columns.interval ?? [];
    const last = times.length - 1;
    // a second is as wide as the next: a last point closes the last one
    const closed = (column) => (last < 0 ? [] : [...column, column[last]]);
    this.#exact = this.#options.series.map(({ key }) => columns[key] ?? new Array(times.length).fill(null));
    const drawn = this.#options.log ? this.#exact.map((column) => column.map((value) => (value === null ? null : Math.max(1, value)))) : this.#exact;
    this.#data = [last < 0 ? [] : [...times, times[last] + seconds], ...drawn.map(closed)];
    this.redraw();
  }

  redraw() {
    if (!this.#plot) {
      this.#fit();
    } else {
      this.#plot.setData(this.#data);
    }
    this.#read();
  }

  /** Other labels and keys for the same lines; the next `set` brings their values. */
  retitle(title, series) {
    this.#options.title = title;
    this.#options.series = series;
    say(this.element.querySelector('h2'), title);
  }

  destroy() {
    this.#observer.disconnect();
    this.#endTheme();
    this.#plot?.destroy();
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    if (!width || !height) {
      return;
    }
    if (this.#plot) {
      this.#plot.setSize({ width, height });
    } else {
      this.#plot = new uPlot(this.#uplot(width, height), this.#data, this.#place);
    }
  }

  #uplot(width, height) {
    const { series, log, tick, shade, paint, scale } = this.#options;
    const axis = this.#axis;
    const index = (key) => series.findIndex((line) => line.key === key) + 1;
    return {
      width,
      height,
      padding: [labelRoom(), 2.4 * smallText(), 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, sync: { key: axis.key, scales: ['x', null] }, points: series.length ? { size: 7 } : { show: false } },
      scales: {
        x: { time: false, range: () => axis.range() },
        y: scale ?? (log ? { distr: 3, range: decades } : { range: fromZero }),
      },
      axes: [
        axis.axis(),
        {
          stroke: () => colour('soft'),
          font: axisFont(),
          grid: { stroke: () => colour('grid'), width: 1 },
          ticks: { show: false },
          size: 5.8 * smallText(),
          gap: 6,
          values: (_, splits) => splits.map((value) => (value === null ? '' : tick(value))),
          ...(scale ? { splits: scale.splits } : {}),
        },
      ],
      series: [
        {},
        ...series.map((line) => ({
          label: line.label,
          stroke: () => colour(line.colour),
          width: line.width ?? 1.75,
          dash: line.dash,
          paths: STEPPED,
          points: { show: false },
        })),
      ],
      bands: shade ? [{ series: shade.map(index), fill: (plot) => stripes(plot.ctx, colour('shortfall')) }] : [],
      hooks: {
        drawClear: [(plot) => axis.paintPhases(plot), ...(paint ? [paint] : [])],
        draw: [(plot) => axis.paintMarks(plot)],
        setCursor: [(plot) => this.#point(plot.cursor.idx)],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
  }

  #selected(plot) {
    if (plot.select.width > 4) {
      this.#axis.zoom(plot.posToVal(plot.select.left, 'x'), plot.posToVal(plot.select.left + plot.select.width, 'x'));
    }
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  #point(index) {
    this.#cursor = index ?? null;
    this.#read();
    this.onPoint?.(this.#cursor === null ? null : this.#data[0][Math.min(this.#cursor, this.#data[0].length - 2)]);
  }

  /** Called with the second under the cursor, or null. */
  onPoint = null;

  /** The values under the cursor, else the last ones. */
  #read() {
    const { series, format } = this.#options;
    const last = this.#data[0].length - 2;
    const row = this.#cursor === null ? last : Math.min(this.#cursor, last);
    series.forEach((_, line) => {
      const value = row < 0 ? null : this.#exact[line][row];
      say(this.#values[line], format(value));
      mark(this.#values[line], 'data-value', value);
    });
    const second = row < 0 ? null : this.#data[0][row];
    mark(this.element, 'data-second', second);
    const spoken = series.map(({ label }, line) => `${label} ${this.#values[line].textContent}`).join(', ');
    mark(this.#place, 'aria-label', `${this.#options.title}${second === null ? '' : `, at ${this.#axis.words(second)}: ${spoken}`}`);
  }

  #key(event) {
    const last = this.#data[0].length - 2;
    const at = this.#cursor ?? last;
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (last < 0 || !this.#plot) {
      return;
    }
    if (step) {
      const row = Math.min(last, Math.max(0, at + step));
      this.#plot.setCursor({ left: this.#plot.valToPos(this.#data[0][row], 'x'), top: 8 }, true, true);
    } else if (event.key === '+' || event.key === '-') {
      this.#axis.scale(this.#data[0][at], event.key === '+' ? 0.5 : 2);
    } else if (event.key === 'Escape') {
      this.#plot.setCursor({ left: -10, top: -10 }, true, true);
      this.#axis.follow(null);
    } else {
      return;
    }
    event.preventDefault();
  }
}
