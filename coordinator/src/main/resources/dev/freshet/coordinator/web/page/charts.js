// The charts of a run and those of one agent, each set on one axis of time. They take RunData (see store.js), live or of a run that is over.

import { h, say, mark } from './dom.js';
import * as format from './format.js';
import { TimeAxis } from './axis.js';
import { Chart } from './chart.js';
import { HeatPainter, PER_DECADE, ramp } from './heatmap.js';
import { onChange } from './theme.js';
import { bySecond, firstMeasured, marksOf, shortfall, startMillis, timedBy } from './timeline.js';

const SPANS = [['All', null], ['10 min', 600], ['1 min', 60]];

const METRICS = [['Response time', 'response_time'], ['Total delay', 'total'], ['Lateness', 'lateness']];

const PERCENTILES = [
  ['p50', 'p50', 'series-1'],
  ['p90', 'p90', 'series-2'],
  ['p99', 'p99', 'series-3'],
  ['p999', 'p99.9', 'series-4'],
  ['max', 'max', 'series-5', [2, 3]],
];

const TABLE_ROWS = 12;

const RATES = [
  { key: 'target_hz', label: 'target', colour: 'target', dash: [6, 4], width: 1.5 },
  { key: 'rate_hz', label: 'actual', colour: 'actual' },
];

function percentiles(metric) {
  return PERCENTILES.map(([figure, label, colour, dash]) => ({ key: `${metric}_${figure}_us`, label, colour, dash, width: dash ? 1.25 : 1.75 }));
}

/** A row of buttons of which one is pressed. */
export function choice(label, options, chosen, onChoose) {
  const buttons = options.map(([text, value]) =>
    h('button', { type: 'button', 'aria-pressed': String(value === chosen), onclick: () => choose(value) }, text),
  );
  const show = (value) => buttons.forEach((button, index) => mark(button, 'aria-pressed', options[index][1] === value));
  const choose = (value) => {
    show(value);
    onChoose(value);
  };
  return { element: h('div', { class: 'choice', role: 'group', 'aria-label': label }, buttons), show };
}

/** Charts on one axis: draws them one after the other, a frame each, so that no frame takes long. */
export class ChartSet {
  axis = new TimeAxis();
  element = h('section', { class: 'charts', 'aria-label': 'Charts' });

  #charts = [];
  #due = [];
  #frame = null;

  constructor() {
    this.axis.onChange = () => {
      this.zoomed?.();
      this.draw(this.#charts.map((chart) => () => chart.redraw()));
    };
  }

  add(options) {
    const chart = new Chart(this.axis, options);
    this.#charts.push(chart);
    this.element.append(chart.element);
    return chart;
  }

  /** Steps that replace those which have not been drawn yet. */
  draw(steps) {
    this.#due = [...steps];
    this.#frame ??= requestAnimationFrame(() => this.#step());
  }

  #step() {
    this.#due.shift()?.();
    this.#frame = this.#due.length ? requestAnimationFrame(() => this.#step()) : null;
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    this.#charts.forEach((chart) => chart.destroy());
  }
}

/** Which part of the run is seen: a row of spans, and the way back from a zoom. */
export function spanTools(set) {
  const span = choice('Part of the run', SPANS, null, (seconds) => set.axis.follow(seconds));
  const reset = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => set.axis.follow(null) }, 'Reset zoom');
  set.zoomed = () => {
    span.show(set.axis.zoomed ? undefined : set.axis.following);
    reset.hidden = !set.axis.zoomed;
  };
  return h('div', { class: 'card-head' }, span.element, reset);
}

/** Mounts the charts of a run: `{ element, update(run), destroy() }`. */
export function runCharts() {
  const set = new ChartSet();
  const short = h('span', { class: 'badge warning', hidden: true });
  const rate = set.add({ name: 'rate', title: 'Rate, messages a second', series: RATES, format: format.rate, tick: format.compact, shade: ['target_hz', 'rate_hz'], tools: [short] });

  let metric = 'response_time';
  let isChosen = false;
  let shown = null;
  const metrics = choice('Metric', METRICS, metric, (value) => {
    isChosen = true;
    time(value);
    set.draw(steps());
  });
  const time = (name) => {
    metric = name;
    latency.retitle(`Latency: ${METRICS.find(([, known]) => known === name)[0].toLowerCase()}`, percentiles(name));
  };
  const latency = set.add({ name: 'latency', title: 'Latency: response time', series: percentiles(metric), format: format.micros, tick: format.microsTick, log: true, tools: [metrics.element] });

  const painter = new HeatPainter();
  const key = h('span', { class: 'heat-key soft small' });
  const heat = set.add({
    name: 'heat',
    title: 'How often each latency occurred',
    series: [],
    format: format.micros,
    tick: (bucket) => format.microsTick(10 ** (bucket / PER_DECADE)),
    scale: { range: () => painter.range(), splits: (_, __, min, max) => Array.from({ length: (max - min) / PER_DECADE + 1 }, (___, i) => min + i * PER_DECADE) },
    paint: (plot) => {
      painter.paint(plot);
      heatKey(key, painter.most);
    },
    key,
  });
  const endTheme = onChange(() => heatKey(key, painter.most));

  const load = set.add({ name: 'bytes', title: 'Payload, bytes a second', series: [{ key: 'bytes_per_s', label: 'payload', colour: 'actual' }], format: format.byteRate, tick: format.bytesTick });

  const table = lastRows();
  const keys = ['target_hz', 'rate_hz', 'bytes_per_s', ...METRICS.flatMap(([, name]) => PERCENTILES.map(([figure]) => `${name}_${figure}_us`))];
  set.element.prepend(spanTools(set));
  set.element.append(table.element);

  function steps() {
    const run = shown;
    const each = run.rows_each_s;
    const columns = bySecond(run.intervals, keys);
    const wanted = isChosen ? metric : timedBy(columns);
    if (metric !== wanted) {
      metrics.show(wanted);
      time(wanted);
    }
    const seconds = columns.interval ?? [];
    set.axis.take({ end: seconds.length ? seconds[seconds.length - 1] + each : 0, start: startMillis(run), marks: marksOf(run), warmup: firstMeasured(run.intervals) });
    const missing = shortfall(columns.target_hz ?? [], columns.rate_hz ?? [], each);
    mark(rate.element, 'data-shortfall', Math.round(missing));
    short.hidden = missing < 0.5;
    say(short, `${format.count(missing)} short of the target${run.summary?.run.outcome === null ? ' so far' : ''}`);
    painter.take(run.intervals.interval ?? [], run.heat, each);
    return [() => rate.set(columns, each), () => latency.set(columns, each), () => heat.set({ interval: seconds }, each), () => load.set(columns, each), () => table.show(columns, set.axis)];
  }

  return {
    element: set.element,
    update(run) {
      shown = run;
      set.draw(steps());
    },
    destroy() {
      endTheme();
      set.destroy();
    },
  };
}

/** The colours of the heat map with what they stand for. */
function heatKey(key, most) {
  const colours = ramp().join(' ');
  say(key, '');
  if (most) {
    const bar = h('i', { class: 'ramp', 'aria-hidden': 'true' });
    bar.style.background = `linear-gradient(to right, ${colours.replaceAll(' ', ', ')})`;
    key.append('1 ', bar, ` ${format.count(most)} messages a cell`);
  }
}

/** The last seconds as a table: the charts for those who do not see them, exact to the digit. Filled while it is open only. */
function lastRows() {
  const body = h('tbody');
  const columns = [
    ['Target', 'target_hz', (value) => value.toLocaleString('en-US')],
    ['Actual', 'rate_hz', format.count],
    ['Bytes/s', 'bytes_per_s', format.count],
    ['p50 µs', 'p50_us', format.count],
    ['p99 µs', 'p99_us', format.count],
    ['p99.9 µs', 'p999_us', format.count],
    ['max µs', 'max_us', format.count],
  ];
  const head = h('tr', {}, h('th', {}, 'Second'), columns.map(([title]) => h('th', { class: 'number' }, title)));
  const caption = h('caption', { class: 'unseen' }, 'The last seconds, response times from the intended moment; total delays if there was none');
  const details = h('details', { class: 'card' }, h('summary', {}, 'The last seconds as a table'), h('div', { class: 'scroll' }, h('table', {}, caption, h('thead', {}, head), body)));
  let latest = null;
  const show = () => {
    if (!details.open || !latest) {
      return;
    }
    const [data, axis] = latest;
    const seconds = data.interval ?? [];
    const first = Math.max(0, seconds.length - TABLE_ROWS);
    const timed = timedBy(data);
    const value = (name, at) => (data[name] ?? data[`${timed}_${name}`])?.[at];
    const row = (at) => h('tr', {}, h('th', { scope: 'row' }, axis.words(seconds[at])), columns.map(([, name, text]) => h('td', { class: 'number' }, cell(value(name, at), text))));
    body.replaceChildren(...seconds.slice(first).map((_, i) => row(seconds.length - 1 - i)));
  };
  details.addEventListener('toggle', show);
  return {
    element: details,
    show(data, axis) {
      latest = [data, axis];
      show();
    },
  };
}

const cell = (value, text) => (value === null || value === undefined ? format.UNKNOWN : text(value));

/** Mounts the charts of one agent: `{ element, update(columns, run), destroy() }`; `run` has the events and T0. */
export function agentCharts() {
  const set = new ChartSet();
  set.element.classList.add('small-charts');
  const rate = set.add({ name: 'agent-rate', title: 'Rate, messages a second', series: RATES, format: format.rate, tick: format.compact, shade: ['target_hz', 'rate_hz'] });
  const times = [
    { key: 'total_p50_us', label: 'total p50', colour: 'series-1' },
    { key: 'total_p99_us', label: 'total p99', colour: 'series-3' },
    { key: 'response_time_p99_us', label: 'response p99', colour: 'series-4' },
    { key: 'lateness_p99_us', label: 'lateness p99', colour: 'series-5', dash: [2, 3] },
  ];
  const latency = set.add({ name: 'agent-latency', title: 'Latency', series: times, format: format.micros, tick: format.microsTick, log: true });
  const carried = [
    { key: 'bytes_per_s', label: 'payload', colour: 'actual' },
    { key: 'interface_sent_bytes_per_s', label: 'interface out', colour: 'series-4', dash: [6, 3] },
    { key: 'interface_received_bytes_per_s', label: 'interface in', colour: 'series-2', dash: [2, 3] },
  ];
  const load = set.add({ name: 'agent-bytes', title: 'Bytes a second', series: carried, format: format.byteRate, tick: format.bytesTick });
  const cpu = set.add({ name: 'agent-cpu', title: 'Processor, cores busy', series: [{ key: 'cpu_share', label: 'cores', colour: 'actual' }], format: format.cores, tick: format.compact });
  const all = [rate, latency, load, cpu];
  const keys = ['target_hz', 'rate_hz', ...times.map((line) => line.key), ...carried.map((line) => line.key), 'cpu_share'];
  set.element.prepend(spanTools(set));
  return {
    element: set.element,
    update(agentColumns, run) {
      const columns = bySecond(agentColumns, keys);
      const seconds = columns.interval ?? [];
      const each = run.rows_each_s;
      set.axis.take({ end: seconds.length ? seconds[seconds.length - 1] + each : 0, start: startMillis(run), marks: marksOf(run), warmup: firstMeasured(agentColumns) });
      set.draw(all.map((chart) => () => chart.set(columns, each)));
    },
    destroy: () => set.destroy(),
  };
}
