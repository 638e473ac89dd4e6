// One finished run, from ReportData alone: of the page, and of report.html, which has no coordinator to ask.

import { charts } from './charts.js';
import { eventList } from './events.js';
import { bitRate, byteRate, bytes, count, dateTime, duration, micros, percent, rate, signedMicros, UNKNOWN } from './format.js';
import { h, icon } from './dom.js';
import { ledgerStrip } from './ledger.js';
import { table } from './table.js';
import { badge, outcomeBadge, verdictBadge } from './verdict.js';

/** Metrics in the order in which a message meets them, with what each is. */
const METRICS = {
  response_time: 'from when it was due to its answer',
  total: 'from sending to its answer',
  network: 'on the way, there and back, halved',
  processing: 'at the consumer',
  lateness: 'of the producer itself',
  clock_offset: "the consumer's clock minus the producer's",
};

/**
 * The view of a run that is over.
 *
 * @param data ReportData
 * @param options `actions`, nodes beside the title, and `downloads`, a node at the end; report.html has neither
 */
export function finishedRun(data, { actions = null, downloads = null } = {}) {
  const { summary, plan } = data;
  return h(
    'article',
    { class: 'finished' },
    title(summary, actions),
    verdict(summary),
    tiles(summary),
    section('Ledger', ledgerStrip(summary.ledger)),
    section('Over time', charts(data)),
    section('Latency', percentiles(summary.latency)),
    section('Gates', gates(summary.gates)),
    section('Agents', agents(summary.agents)),
    section('Interfaces', interfaces(summary.environment.interfaces)),
    section('Events', eventList(data.events)),
    section('Plan', facts(plan)),
    section('Environment', facts(summary.environment)),
    downloads ? section('Files', downloads) : null,
  );
}

const section = (heading, content) => (content ? h('section', { class: 'card' }, h('header', {}, h('h2', {}, heading)), content) : null);

function title({ run }, actions) {
  return h(
    'header',
    { class: 'title' },
    h('div', {}, h('h1', {}, run.name), h('p', { class: 'soft small' }, run.id)),
    h('p', { class: 'soft small' }, h('time', { datetime: run.started }, dateTime(run.started)), run.ended ? `, ${duration((new Date(run.ended) - new Date(run.started)) / 1000)} in all` : ''),
    actions ? h('div', { class: 'buttons' }, actions) : null,
  );
}

function verdict({ run, verdict: { status, reasons, notes } }) {
  const lines = (texts, kind) => texts.map((text) => h('li', { class: kind }, icon(kind), h('span', {}, text)));
  return h(
    'section',
    { class: `card verdict ${status.toLowerCase()}`, 'aria-label': 'Verdict' },
    h('p', { class: 'badges' }, verdictBadge(status), outcomeBadge(run.outcome, run.state), run.reason ? h('span', {}, run.reason) : null),
    h('p', {}, MEANING[status]),
    reasons.length || notes.length ? h('ul', { class: 'reasons' }, lines(reasons, status === 'INVALID' ? 'bad' : 'warning'), lines(notes, 'none')) : null,
  );
}

const MEANING = {
  VALID: 'The measurement can be trusted.',
  DEGRADED: 'The measurement stands, but the tool, its hosts or its clocks were not what the plan takes them for:',
  INVALID: 'The measurement cannot be trusted:',
};

function tiles({ target, achieved, ledger, latency, gates: results }) {
  const failed = results.filter((gate) => !gate.passed).length;
  const response = latency.response_time;
  return h(
    'dl',
    { class: 'card figures' },
    tile('Rate', rate(achieved.rate_hz), `${percent(achieved.rate_hz === null ? null : achieved.rate_hz / target.rate_hz)} of ${rate(target.rate_hz)}`),
    tile('Payload', byteRate(achieved.bytes_per_s), `of ${byteRate(target.bytes_per_s)}, ${achieved.basis}`),
    tile('Response time p50', micros(response?.p50_us), `p99 ${micros(response?.p99_us)}`),
    tile('p99.9', micros(response?.p999_us), `max ${micros(response?.max_us)}`),
    tile('Lost', count(ledger.lost), ledger.lost === null ? 'not known' : `of ${count(ledger.sent)} sent`, ledger.lost ? 'bad' : null),
    tile('Skipped', count(ledger.skipped), `of ${count(ledger.scheduled)} scheduled`, ledger.skipped ? 'warning' : null),
    tile('Measured', duration(achieved.duration_s), `of ${duration(target.duration_s)}`),
    results.length ? tile('Gates', failed ? `${failed} failed` : 'all passed', `of ${results.length}`, failed ? 'bad' : 'ok') : null,
  );
}

function tile(name, figure, beside, kind = null) {
  const classes = { ok: 'good', warning: 'warning', bad: 'bad' };
  return h('div', {}, h('dt', {}, name), h('dd', { class: classes[kind] ?? null }, kind ? [icon(kind), ' '] : null, figure, h('small', {}, beside)));
}

function percentiles(latency) {
  const rows = Object.keys(METRICS).filter((metric) => latency[metric]).map((metric) => ({ metric, ...latency[metric] }));
  const figure = (label, member) => ({ label, number: true, of: (row) => (row.metric === 'clock_offset' ? signed(row[member]) : micros(row[member])) });
  return table(
    [
      { label: 'Metric', of: ({ metric }) => [h('span', {}, metric.replace('_', ' ')), h('span', { class: 'beside' }, METRICS[metric])] },
      { label: 'Values', number: true, of: (row) => count(row.count) },
      figure('mean', 'mean_us'),
      figure('min', 'min_us'),
      figure('p50', 'p50_us'),
      figure('p70', 'p70_us'),
      figure('p90', 'p90_us'),
      figure('p99', 'p99_us'),
      figure('p99.9', 'p999_us'),
      figure('max', 'max_us'),
    ],
    rows,
    { caption: 'Percentiles by metric' },
  );
}

const signed = (value) => (value === null ? UNKNOWN : signedMicros(value));

function gates(results) {
  if (!results.length) {
    return h('p', { class: 'empty' }, 'The plan has none.');
  }
  return table(
    [
      { label: 'Gate', of: ({ text }) => h('code', {}, text) },
      { label: 'Result', of: ({ passed }) => badge(passed ? 'ok' : 'bad', passed ? 'passed' : 'failed') },
      { label: 'Measured', number: true, of: (gate) => gateFigure(gate) },
    ],
    results,
    { caption: 'Gates' },
  );
}

/** In the unit of the gate's threshold, which its subject tells. */
function gateFigure({ text, actual, reason }) {
  if (actual === null) {
    return reason ?? UNKNOWN;
  }
  const subject = text.trim().split(/[\s<>=!]/)[0];
  if (subject === 'throughput') {
    return byteRate(actual);
  }
  if (subject === 'rate') {
    return rate(actual);
  }
  if (text.trim().endsWith('%')) {
    return percent(actual);
  }
  return subject.includes('.') ? micros(actual) : count(actual);
}

/** Those that were lost first, then those that fell short most. */
function agents(all) {
  const reached = ({ rate_hz: target, achieved }) => (target ? (achieved.rate_hz ?? 0) / target : 1);
  const worstFirst = [...all].sort((a, b) => Boolean(b.loss) - Boolean(a.loss) || reached(a) - reached(b));
  return table(
    [
      { label: 'Agent', of: (agent) => [h('span', {}, agent.name), h('span', { class: 'beside' }, agent.role)] },
      { label: 'State', of: ({ loss }) => (loss ? [badge('bad', 'lost'), h('span', { class: 'beside' }, loss.reason)] : badge('ok', 'whole')) },
      { label: 'Host', of: (agent) => [h('span', {}, agent.host), h('span', { class: 'beside' }, agent.interface ?? '')] },
      { label: 'Rate, of target', number: true, of: (agent) => [h('span', {}, rate(agent.achieved.rate_hz)), agent.rate_hz === null ? null : h('span', { class: 'beside' }, `of ${rate(agent.rate_hz)}`)] },
      { label: 'Payload', number: true, of: (agent) => byteRate(agent.achieved.bytes_per_s) },
      { label: 'Sent', number: true, of: (agent) => count(agent.ledger?.sent) },
      { label: 'Lost', number: true, of: (agent) => count(agent.ledger?.lost) },
      { label: 'Skipped', number: true, of: (agent) => count(agent.ledger?.skipped) },
      { label: 'Response p99', number: true, of: (agent) => micros(agent.latency?.response_time?.p99_us) },
      { label: 'Lateness p99', number: true, of: (agent) => micros(agent.latency?.lateness?.p99_us) },
      { label: 'CPU', number: true, of: (agent) => percent(agent.cpu_share) },
      { label: 'GC', number: true, of: (agent) => percent(agent.gc_share) },
      { label: 'Memory', number: true, of: (agent) => bytes(agent.resident_bytes_max) },
      { label: 'Clock ± error', number: true, of: ({ clock }) => (clock ? `${signedMicros(clock.offset_us)} ± ${micros(clock.error_us)}` : UNKNOWN) },
      { label: 'Drift', number: true, of: ({ clock }) => (clock?.drift_ppm == null ? UNKNOWN : `${clock.drift_ppm.toFixed(1)} ppm`) },
      { label: 'Start error', number: true, of: (agent) => signed(agent.start_error_us) },
    ],
    worstFirst,
    { caption: 'Agents, the worst first' },
  );
}

function interfaces(all) {
  if (!all?.length) {
    return null;
  }
  return h(
    'div',
    {},
    table(
      [
        { label: 'Interface', of: (one) => [h('span', {}, one.interface ?? 'loopback'), h('span', { class: 'beside' }, one.host)] },
        { label: 'Agents', of: (one) => one.agents.join(' ') },
        { label: 'Speed', number: true, of: (one) => bitRate(one.speed_bits_per_s) },
        { label: 'Sent', number: true, of: (one) => used(one.sent_bytes_per_s, one.sent_share) },
        { label: 'Received', number: true, of: (one) => used(one.received_bytes_per_s, one.received_share) },
        { label: 'By producers', number: true, of: (one) => bytes(one.application_bytes) },
        { label: 'By its counters', number: true, of: (one) => bytes(one.interface_bytes) },
      ],
      all,
      { caption: 'Interfaces' },
    ),
    h('ul', { class: 'notes' }, all.filter((one) => one.statement).map((one) => h('li', {}, one.statement))),
  );
}

const used = (bytesPerSecond, share) => [h('span', {}, byteRate(bytesPerSecond)), share == null ? null : h('span', { class: 'beside' }, percent(share))];

/** Members that are plain, as name and value; `interfaces` and the like have tables of their own. */
function facts(members) {
  const isPlain = (value) => typeof value !== 'object' || value === null || (Array.isArray(value) && value.every(isPlain));
  const shown = Object.entries(members).flatMap(([key, value]) => (isPlain(value) ? [[key, value]] : flat(key, value)));
  return h('dl', { class: 'facts' }, shown.map(([key, value]) => h('div', {}, h('dt', {}, key.replaceAll('_', ' ')), h('dd', {}, factText(value)))));
}

/** An object's own members, named after both; lists of objects are told elsewhere. */
function flat(key, value) {
  return Array.isArray(value) ? [] : Object.entries(value).map(([inner, innerValue]) => [`${key} ${inner}`, innerValue]);
}

function factText(value) {
  if (value === null) {
    return UNKNOWN;
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  if (Array.isArray(value)) {
    return value.join(', ') || 'none';
  }
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);
}
