// Rows of intervals to points in time, for charts. Pure.
//
// A row has a phase as well as a second: after the warm-up a second has two rows if answers of the warm-up still came. On an axis of time they are one point.

/** Columns that tell how much; of two rows of one second they are added. */
const ADDED = /^(scheduled|sent|skipped|cancelled|received|answered|measured|late|missing|sent_bytes|received_bytes|rate_hz|bytes_per_s)$/;

/** One row for each second, from `columns` (of intervals.csv or agent-intervals.csv), of those columns that are asked for and `interval`. */
export function bySecond(columns, keys) {
  const seconds = columns.interval ?? [];
  const wanted = ['interval', ...keys.filter((key) => key in columns && key !== 'interval')];
  if (seconds.every((second, row) => row === 0 || second !== seconds[row - 1])) {
    return Object.fromEntries(wanted.map((key) => [key, columns[key]]));
  }
  return Object.fromEntries(wanted.map((key) => [key, joined(columns[key], seconds, columns.phase, ruleOf(key))]));
}

function ruleOf(key) {
  if (key === 'interval') {
    return (a) => a;
  }
  if (key === 'target_hz') {
    return Math.max;
  }
  // a percentile of both cannot be told from two; the measured one is what counts
  return ADDED.test(key) ? (a, b) => a + b : (a, b, bIsMeasured) => (bIsMeasured ? b : a);
}

function joined(column, seconds, phases, rule) {
  const result = [];
  column.forEach((value, row) => {
    if (row === 0 || seconds[row] !== seconds[row - 1]) {
      result.push(value);
    } else if (value !== null) {
      const before = result[result.length - 1];
      result[result.length - 1] = before === null ? value : rule(before, value, phases?.[row] !== 'warmup');
    }
  });
  return result;
}

/** The second at which the measured phase begins, or null if no row is measured yet. */
export function firstMeasured(columns) {
  const row = (columns.phase ?? []).indexOf('measured');
  return row < 0 ? null : columns.interval[row];
}

/** What answers are timed by: unpaced messages were never due, so that there is no response time, and the total delay takes its place. */
export function timedBy(columns) {
  const isKnown = (value) => (value ?? null) !== null;
  return !columns.response_time_p50_us?.some(isKnown) && columns.total_p50_us?.some(isKnown) ? 'total' : 'response_time';
}

/** T0 in epoch milliseconds, or null before the start. */
export function startMillis(run) {
  const t0 = run.summary?.run.t0 ?? null;
  if (t0 !== null) {
    return Date.parse(t0);
  }
  const first = run.intervals.start_utc?.[0];
  return first ? Date.parse(first) - run.intervals.interval[0] * 1000 : null;
}

const SHOWN = { t0: () => 'T0', lost: (event) => `${event.agent ?? 'agent'} lost`, rate: (event) => rateText(event), stop: () => 'stop' };

/** What a rate event sets, without the sentence around it. */
function rateText({ text }) {
  return /[\d.,]+ ?[kMG]?\/s/.exec(text)?.[0] ?? 'rate';
}

/** The events that a chart marks, in seconds since T0: `[{ second, kind, label }]`. */
export function marksOf(run) {
  const start = startMillis(run);
  if (start === null) {
    return [];
  }
  return run.events
    .filter(({ kind }) => kind in SHOWN)
    .map((event) => ({
      // the coordinator says that it will start a moment before it does
      second: event.kind === 't0' ? 0 : (Date.parse(event.at) - start) / 1000,
      kind: event.kind,
      label: SHOWN[event.kind](event),
    }));
}

/** How many messages fewer than wanted came in each second, summed. */
export function shortfall(targets, rates, secondsEach) {
  let short = 0;
  targets.forEach((target, row) => {
    if (target !== null && rates[row] !== null && target > rates[row]) {
      short += (target - rates[row]) * secondsEach;
    }
  });
  return short;
}
