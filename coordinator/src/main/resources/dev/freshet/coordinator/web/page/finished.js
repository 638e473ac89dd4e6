// One finished run, from ReportData alone: of the page, and of report.html, which has no coordinator to ask.

import { agentCharts, runCharts } from './charts.js';
import { eventLog } from './events.js';
import { bitRate, byteRate, bytes, count, micros, percent, rate, signedMicros, UNKNOWN } from './format.js';
import { h, mark } from './dom.js';
import { runHeader } from './header.js';
import { ledgerStrip } from './ledger.js';
import { table } from './table.js';
import { badge } from './verdict.js';

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
 * The view of a run that is over: `{ element, draw(), destroy() }`. The charts are drawn by `draw`, once the element is in the page.
 *
 * @param data ReportData
 * @param options `actions`, nodes beside the title, and `downloads`, a node at the end; report.html has neither
 */
export function finishedRun(data, { actions = [], downloads = null } = {}) {
  const { summary, plan } = data;
  const charts = runCharts();
  const events = eventLog();
  const parts = summary ? ofSummary(data, actions) : null;
  const element = h(
    'article',
    { class: 'finished' },
    parts?.header ?? title(plan, actions),
    missing(data.missing ?? []),
    parts?.ledger,
    charts.element,
    joined(data.rows_each_s),
    parts?.tables,
    events.element,
    section('Plan', plan && facts(plan)),
    section('Environment', summary && facts(summary.environment)),
    section('Files', downloads),
  );
  return {
    element,
    draw() {
      parts?.draw();
      charts.update(data);
      events.update(data);
    },
    destroy() {
      charts.destroy();
      parts?.destroy();
    },
  };
}

/** What only a run has that came to its end. */
function ofSummary(data, actions) {
  const { summary } = data;
  const header = runHeader(actions);
  const ledger = ledgerStrip();
  const table = agents(data);
  return {
    header: header.element,
    ledger: ledger.element,
    tables: [
      section('Latency', percentiles(summary.latency)),
      section('Gates', gates(summary.gates)),
      section('Agents', table.element),
      section('Interfaces', interfaces(summary.environment.interfaces)),
    ],
    draw() {
      header.update(data);
      ledger.update(summary.ledger, true);
    },
    destroy: () => table.destroy(),
  };
}

const title = (plan, actions) => h('div', { class: 'title' }, h('h1', {}, plan?.name ?? 'A run'), h('div', { class: 'buttons' }, actions));

const section = (heading, content) => (content ? h('section', { class: 'card' }, h('header', {}, h('h2', {}, heading)), content) : null);

/** What could not be read of the run's files. */
function missing(sentences) {
  return sentences.length ? h('section', { class: 'card missing' }, h('h2', {}, "Not all of this run's files are there"), h('ul', {}, sentences.map((text) => h('li', {}, text)))) : null;
}

function joined(seconds) {
  return seconds > 1 ? h('p', { class: 'soft small' }, `Each point stands for ${seconds} seconds: rates are averages, percentiles those of all messages of these seconds.`) : null;
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

/** The table of agents, and behind it the charts of the one that is opened: `{ element, destroy() }`. */
function agents(data) {
  const panel = h('div', { class: 'agent-panel' });
  let opened = null;

  function close() {
    opened?.charts.destroy();
    opened && mark(opened.button, 'aria-expanded', false);
    panel.replaceChildren();
    opened = null;
  }

  function toggle(name, button) {
    const again = opened?.button === button;
    close();
    if (!again) {
      const charts = agentCharts();
      opened = { charts, button };
      mark(button, 'aria-expanded', true);
      const each = data.agents_each_s > 1 ? h('p', { class: 'soft small' }, `Each point stands for ${data.agents_each_s} seconds: percentiles are those of the worst of them.`) : null;
      panel.append(h('section', { 'aria-label': `Agent ${name}`, 'data-agent-panel': name }, h('h3', {}, `Agent ${name}`), each, charts.element));
      charts.update(data.agents[name], { ...data, rows_each_s: data.agents_each_s ?? 1 });
    }
  }

  const named = (name) => (data.agents?.[name] ? h('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', onclick: (event) => toggle(name, event.currentTarget) }, name) : h('span', {}, name));
  // a click anywhere in a row is one on its name
  const openRow = ({ target }) => !target.closest('button, .agent-panel') && target.closest('tr')?.querySelector('th button')?.click();
  return { element: h('div', { class: 'agents', onclick: openRow }, agentTable(data.summary.agents, named), panel), destroy: close };
}

/** Those that were lost first, then those that fell short most. */
function agentTable(all, named) {
  const reached = ({ rate_hz: target, achieved }) => (target ? (achieved.rate_hz ?? 0) / target : 1);
  const worstFirst = [...all].sort((a, b) => Boolean(b.loss) - Boolean(a.loss) || reached(a) - reached(b));
  return table(
    [
      { label: 'Agent', of: (agent) => [named(agent.name), h('span', { class: 'beside' }, agent.role)] },
      { label: 'State', wide: true, of: ({ loss }) => (loss ? [badge('bad', 'lost'), h('span', { class: 'beside' }, loss.reason)] : badge('ok', 'whole')) },
      { label: 'Host', of: (agent) => [h('span', {}, agent.host), h('span', { class: 'beside' }, agent.interface ?? '')] },
      { label: 'Rate', number: true, of: (agent) => [h('span', {}, rate(agent.achieved.rate_hz)), agent.rate_hz === null ? null : h('span', { class: 'beside' }, `of ${rate(agent.rate_hz)}`)] },
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
        { label: 'Agents', wide: true, of: (one) => one.agents.join(' ') },
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

/** Members as name and value; lists of objects have tables of their own. */
function facts(members) {
  const isTold = (value) => !Array.isArray(value) || value.every((entry) => typeof entry !== 'object');
  const shown = Object.entries(members).filter(([, value]) => isTold(value));
  return h(
    'dl',
    { class: 'facts' },
    shown.map(([key, value]) => fact(key.replace(/_us$/, '').replaceAll('_', ' '), factText(key, value))),
  );
}

const fact = (name, text) => h('div', { class: text.length > 60 ? 'wide' : null }, h('dt', {}, name), h('dd', {}, text));

function factText(key, value) {
  if (value === null) {
    return UNKNOWN;
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  if (Array.isArray(value)) {
    return value.join(', ') || 'none';
  }
  if (typeof value === 'object') {
    return Object.entries(value).map(([name, inner]) => `${name.replaceAll('_', ' ')} ${factText(name, inner)}`).join(', ');
  }
  return key.endsWith('_us') ? micros(value) : String(value);
}
