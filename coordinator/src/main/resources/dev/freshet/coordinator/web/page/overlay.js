// The seconds of two runs over each other, both counted from their own T0.

import { ChartSet, spanTools } from './charts.js';
import * as format from './format.js';
import { bySecond, firstMeasured } from './timeline.js';

const FIGURES = [
  { key: 'rate_hz', title: 'Rate, messages a second', format: format.rate, tick: format.compact },
  { key: 'bytes_per_s', title: 'Payload, bytes a second', format: format.byteRate, tick: format.bytesTick },
  ...[['p50', 'p50'], ['p99', 'p99'], ['p999', 'p99.9']].map(([figure, label]) => ({
    key: `response_time_${figure}_us`,
    title: `Response time ${label}`,
    format: format.micros,
    tick: format.microsTick,
    log: true,
  })),
];

const keyOf = (letter, key) => `${letter}_${key}`;

/** Columns of both runs on one list of seconds. A row stands for `rows_each_s` seconds, and holds for each of them. */
export function together(runs) {
  const keys = FIGURES.map(({ key }) => key);
  const each = Math.min(...Object.values(runs).map((run) => run.rows_each_s));
  const tables = Object.entries(runs).map(([letter, run]) => ({ letter, each: run.rows_each_s, columns: bySecond(run.intervals, keys) }));
  const end = Math.max(0, ...tables.map(({ columns, each: width }) => (columns.interval?.at(-1) ?? -width) + width));
  const joined = { interval: Array.from({ length: Math.ceil(end / each) }, (_, row) => row * each) };
  for (const { letter, each: width, columns } of tables) {
    const rows = rowsAt(joined.interval, columns.interval ?? [], width);
    for (const key of keys) {
      joined[keyOf(letter, key)] = rows.map((row) => (row < 0 ? null : (columns[key]?.[row] ?? null)));
    }
  }
  return { columns: joined, each };
}

/** Which row holds at each second; -1 where none does. Both lists ascend. */
function rowsAt(seconds, starts, width) {
  let row = -1;
  return seconds.map((second) => {
    while (row + 1 < starts.length && starts[row + 1] <= second) {
      row += 1;
    }
    return row >= 0 && second < starts[row] + width ? row : -1;
  });
}

/** `{ element, show(a, b), destroy() }`; both are RunData. */
export function overlay() {
  const set = new ChartSet();
  const charts = FIGURES.map(({ key, ...options }) =>
    set.add({
      ...options,
      name: `compare-${key}`,
      series: [
        { key: keyOf('a', key), label: 'A', colour: 'series-1' },
        { key: keyOf('b', key), label: 'B', colour: 'series-4', dash: [6, 3] },
      ],
    }),
  );
  set.element.prepend(spanTools(set));
  return {
    element: set.element,
    show(a, b) {
      const { columns, each } = together({ a, b });
      const warmups = [a, b].map((run) => firstMeasured(run.intervals));
      // their wall clocks differ, and maybe their warm-ups: the axis shows what both have in common
      set.axis.take({ end: columns.interval.length * each, start: null, marks: [], warmup: warmups[0] === warmups[1] ? warmups[0] : 0 });
      set.draw(charts.map((chart) => () => chart.set(columns, each)));
    },
    destroy: () => set.destroy(),
  };
}
