// What happened, newest first: the lines of events.jsonl.

import { h, say } from './dom.js';
import * as format from './format.js';
import { startMillis } from './timeline.js';

/** More than this nobody reads on a page; the filter finds the rest. */
const MOST_SHOWN = 200;

const STATES = { lost: 'bad', stop: 'bad', rate: 'warning', files: 'warning', note: 'warning' };

/** Mounts the log: `{ element, update(run) }`. */
export function eventLog() {
  const filter = h('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter events', oninput: () => show() });
  const list = h('tbody');
  const count = h('span', { class: 'soft small' });
  const element = h(
    'section',
    { class: 'card events', 'aria-label': 'Events' },
    h('header', {}, h('h2', {}, 'Events'), count, filter),
    h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, ['From T0', 'Time', 'Kind', 'Agent', ''].map((title) => h('th', { scope: 'col' }, title)))), list)),
  );
  let run = null;
  let shown = '';

  function show() {
    const word = filter.value.trim().toLowerCase();
    const { events } = run;
    const newest = events[events.length - 1];
    const state = `${events.length} ${newest?.at} ${newest?.text} ${word} ${run.summary?.run.t0}`;
    if (state === shown) {
      return;
    }
    shown = state;
    const found = word ? events.filter((event) => `${event.kind} ${event.agent ?? ''} ${event.text}`.toLowerCase().includes(word)) : events;
    const start = startMillis(run);
    list.replaceChildren(...found.slice(-MOST_SHOWN).reverse().map((event) => row(event, start)));
    say(count, found.length > MOST_SHOWN ? `the last ${MOST_SHOWN} of ${found.length}` : word ? `${found.length} of ${events.length}` : '');
  }

  return {
    element,
    update(of) {
      run = of;
      show();
    },
  };
}

function row({ at, kind, agent, text }, start) {
  const seconds = start === null ? null : (Date.parse(at) - start) / 1000;
  const since = seconds === null ? format.UNKNOWN : seconds < 0 ? `−${format.clock(-seconds)}` : format.clock(seconds);
  return h(
    'tr',
    { 'data-kind': kind },
    h('td', { class: 'number' }, since),
    h('td', {}, h('time', { datetime: at }, format.time(at))),
    h('td', {}, h('span', { class: `badge ${STATES[kind] ?? ''}` }, kind)),
    h('td', {}, agent ?? ''),
    h('td', { class: 'wide' }, text),
  );
}
