// Two runs side by side: their figures, what differs in their plans, and their seconds over each other.

import { api } from './api.js';
import { byteRate, bytes, count, dateTime, micros, percent, rate, UNKNOWN } from './format.js';
import { h } from './dom.js';
import { overlay } from './overlay.js';
import { table } from './table.js';
import { badge, outcomeBadge, verdictBadge } from './verdict.js';

export function mount(element, { parameters: [a, b] }) {
  const closing = new AbortController();
  const charts = overlay();
  const show = (...content) => closing.signal.aborted || element.replaceChildren(...content);
  show(h('p', { class: 'empty', role: 'status' }, 'Reading both runs…'));
  load(a, b, closing.signal).then(
    ({ comparison, ofA, ofB }) => {
      show(...view(comparison), charts.element);
      charts.show(ofA, ofB);
    },
    (problem) => show(h('h1', {}, 'Compare'), h('p', { class: 'complaint', role: 'alert' }, problem.message), h('p', {}, toAllRuns())),
  );
  return {
    destroy() {
      closing.abort();
      charts.destroy();
    },
  };
}

const toAllRuns = () => h('a', { class: 'button', href: '#history' }, 'All runs');

async function load(a, b, signal) {
  const [comparison, ofA, ofB] = await Promise.all([api.compare(a, b, { signal }), api.charts(a, { signal }), api.charts(b, { signal })]);
  return { comparison, ofA, ofB };
}

function view({ a, b, figures: all, plan }) {
  const swapped = `#compare/${encodeURIComponent(b.id)}/${encodeURIComponent(a.id)}`;
  return [
    h('div', { class: 'title' }, h('h1', {}, 'Compare'), h('div', { class: 'buttons' }, h('a', { class: 'button', href: swapped }, 'Swap'), toAllRuns())),
    h('div', { class: 'cards' }, run('A', a), run('B', b)),
    card('Figures', figures(all)),
    card('Plans', plans(plan)),
  ];
}

const card = (heading, content) => h('section', { class: 'card' }, h('header', {}, h('h2', {}, heading)), content);

function run(letter, entry) {
  return h(
    'section',
    { class: 'card compared' },
    h('header', {}, h('span', { class: `letter ${letter}` }, letter), h('h2', {}, h('a', { href: `#run/${encodeURIComponent(entry.id)}` }, entry.name)), verdictBadge(entry.verdict), outcomeBadge(entry.outcome, entry.state)),
    h('p', { class: 'soft small' }, `${dateTime(entry.started)}, ${entry.id}`),
  );
}

/** What a figure of a unit reads like. */
const FORMATS = { hz: rate, bytes_per_s: byteRate, bytes, us: micros, messages: count, share: percent };

const formatOf = (unit) => FORMATS[unit] ?? ((value) => (value === null ? UNKNOWN : `${Number(value.toPrecision(4))}${unit ? ` ${unit}` : ''}`));

/** A difference keeps its sign; the figures' own formats write one for negative values only. */
function difference({ unit, difference: value }) {
  return value === null ? UNKNOWN : value === 0 ? 'none' : `${value > 0 ? '+' : '−'}${formatOf(unit)(Math.abs(value))}`;
}

/** Where the time of an answer went; what matters most is their sum, the response time. */
const isDetail = ({ name }) => /^(total|network|processing|lateness)_/.test(name);

function figures(all) {
  return h(
    'div',
    {},
    figureTable(all.filter((figure) => !isDetail(figure)), 'Figures of both runs'),
    h('details', {}, h('summary', {}, 'Where the time went'), figureTable(all.filter(isDetail), 'Parts of the response time of both runs')),
  );
}

function figureTable(all, caption) {
  return table(
    [
      { label: 'Figure', of: ({ name }) => name.replaceAll('_', ' ').replace('p999', 'p99.9') },
      { label: 'A', number: true, of: (figure) => formatOf(figure.unit)(figure.a) },
      { label: 'B', number: true, of: (figure) => formatOf(figure.unit)(figure.b) },
      { label: 'B − A', number: true, of: difference },
      { label: 'B / A', number: true, of: ({ ratio }) => (ratio === null ? UNKNOWN : `× ${ratio.toPrecision(3)}`) },
      { label: 'B is', of: judgement },
    ],
    all,
    { caption },
  );
}

/** A word and an arrow, as colours alone tell nothing to some. */
function judgement({ better, difference: value }) {
  if (value === null || better === null) {
    return '';
  }
  if (value === 0) {
    return badge('none', 'the same');
  }
  const isBetter = value > 0 === (better === 'higher');
  return h('span', { class: `badge ${isBetter ? 'good' : 'bad'}` }, `${value > 0 ? '↑' : '↓'} ${isBetter ? 'better' : 'worse'}`);
}

function plans(differences) {
  if (!differences.length) {
    return h('p', { class: 'soft' }, 'Both runs had the same plan.');
  }
  const text = (value) => (value === null ? UNKNOWN : Array.isArray(value) ? value.join(', ') || 'none' : typeof value === 'object' ? JSON.stringify(value) : String(value));
  return table(
    [
      { label: 'Key', of: ({ key }) => key.replaceAll('_', ' ') },
      { label: 'A', wide: true, of: ({ a }) => text(a) },
      { label: 'B', wide: true, of: ({ b }) => text(b) },
    ],
    differences,
    { caption: 'What differs in the plans' },
  );
}
