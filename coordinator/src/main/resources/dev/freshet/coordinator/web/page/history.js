// The runs of the past, newest first: found by name and verdict, opened, or two of them put side by side.

import { api } from './api.js';
import { UNKNOWN, byteRate, bytes, count, dateTime, duration, micros, rate } from './format.js';
import { h } from './dom.js';
import { table } from './table.js';
import { badge, outcomeBadge, verdictBadge } from './verdict.js';

const PAGE_RUNS = 50;

export function mount(element) {
  const history = new RunHistory();
  element.append(...history.elements);
  history.more();
  return { destroy: () => history.close() };
}

class RunHistory {
  #runs = [];
  #next = null;
  #picked = [];
  #closing = new AbortController();
  #name = h('input', { type: 'search', placeholder: 'part of a name', 'aria-label': 'Name', oninput: () => this.#show() });
  #verdict = h(
    'select',
    { 'aria-label': 'Verdict', onchange: () => this.#show() },
    ['any verdict', 'VALID', 'DEGRADED', 'INVALID', 'no verdict'].map((word, index) => h('option', { value: index ? word : '' }, word)),
  );
  #list = h('div', { class: 'list' });
  #found = h('p', { class: 'soft small', role: 'status' });
  #more = h('button', { type: 'button', hidden: true, onclick: () => this.more() }, 'Load more');
  #compare = h('a', { class: 'button primary' }, 'Compare');
  #pickHint = h('p', { class: 'soft small', 'aria-live': 'polite' });
  #complaint = h('p', { class: 'complaint', role: 'alert', hidden: true });

  constructor() {
    this.elements = [
      h('h1', {}, 'Runs'),
      h(
        'section',
        { class: 'card' },
        h('div', { class: 'tools' }, this.#name, this.#verdict, h('div', { class: 'picking' }, this.#pickHint, this.#compare)),
        this.#complaint,
        this.#list,
        h('div', { class: 'tools' }, this.#found, this.#more),
      ),
    ];
    this.#showPicked();
  }

  close() {
    this.#closing.abort();
  }

  /** Loads the next runs, the first ones at first. */
  async more() {
    this.#more.disabled = true;
    try {
      const answer = await api.runs({ limit: PAGE_RUNS, before: this.#next, signal: this.#closing.signal });
      this.#runs.push(...answer.runs);
      this.#next = answer.next;
      this.#complaint.hidden = true;
      this.#show();
    } catch (problem) {
      if (!this.#closing.signal.aborted) {
        this.#complaint.textContent = problem.message;
        this.#complaint.hidden = false;
        this.#more.hidden = false;
      }
    } finally {
      this.#more.disabled = false;
    }
  }

  #show() {
    const found = this.#runs.filter((run) => this.#matches(run));
    const all = this.#next === null ? '' : ' so far';
    this.#found.textContent =
      found.length === this.#runs.length ? `${count(found.length)} run${found.length === 1 ? '' : 's'}${all}` : `${found.length} of ${this.#runs.length} runs${all}`;
    this.#more.hidden = this.#next === null;
    if (!this.#runs.length) {
      this.#list.replaceChildren(h('p', { class: 'empty' }, 'No run has been here yet. ', h('a', { href: '#start' }, 'Start the first one')));
    } else if (!found.length) {
      this.#list.replaceChildren(h('p', { class: 'empty' }, this.#next === null ? 'No run is like that.' : 'None of the runs loaded so far is like that.'));
    } else {
      this.#list.replaceChildren(table(this.#columns(), found, { caption: 'Runs, newest first' }));
    }
  }

  #matches(run) {
    const verdict = this.#verdict.value;
    return (
      `${run.name} ${run.id}`.toLowerCase().includes(this.#name.value.trim().toLowerCase()) && (!verdict || (run.verdict ?? 'no verdict') === verdict)
    );
  }

  #columns() {
    return [
      { label: 'Run', of: (run) => this.#named(run) },
      { label: 'Verdict', wide: true, of: (run) => [verdictBadge(run.verdict), outcomeBadge(run.outcome, run.state)] },
      { label: 'Rate', number: true, of: (run) => ofTarget(rate(run.achieved_hz), rate(run.target_hz)) },
      { label: 'Size', number: true, of: (run) => bytes(run.size_bytes) },
      { label: 'Payload', number: true, of: (run) => ofTarget(byteRate(run.achieved_bytes_per_s), byteRate(run.target_bytes_per_s)) },
      { label: 'p50', number: true, of: (run) => micros(run.response_time_p50_us) },
      { label: 'p99', number: true, of: (run) => micros(run.response_time_p99_us) },
      { label: 'p99.9', number: true, of: (run) => micros(run.response_time_p999_us) },
      { label: 'Lost', number: true, of: (run) => count(run.lost) },
      { label: 'Skipped', number: true, of: (run) => count(run.skipped) },
      { label: 'Gates', number: true, of: gates },
      { label: 'Agents', number: true, of: (run) => count(run.agents) },
      { label: 'Duration', number: true, of: (run) => duration(run.duration_s) },
    ];
  }

  #named(run) {
    const link = h('a', { href: `#run/${encodeURIComponent(run.id)}`, title: run.id }, run.name);
    return h('div', { class: 'picked' }, this.#pickBox(run), link, h('time', { datetime: run.started, class: 'beside' }, dateTime(run.started)));
  }

  #pickBox(run) {
    const box = h('input', { type: 'checkbox', 'aria-label': `Compare ${run.name} of ${dateTime(run.started)}`, onchange: () => this.#pick(run.id, box.checked) });
    box.checked = this.#picked.includes(run.id);
    box.dataset.run = run.id;
    return box;
  }

  /** A third one takes the place of the first. */
  #pick(id, isPicked) {
    this.#picked = this.#picked.filter((picked) => picked !== id);
    if (isPicked) {
      this.#picked = [...this.#picked, id].slice(-2);
    }
    for (const box of this.#list.querySelectorAll('input[type=checkbox]')) {
      box.checked = this.#picked.includes(box.dataset.run);
    }
    this.#showPicked();
  }

  /** Ids begin with the time, so the older run is the one that the newer is held against. */
  #showPicked() {
    const [a, b] = [...this.#picked].sort();
    this.#pickHint.textContent = b ? '' : a ? 'Pick another one' : 'Pick two to compare';
    this.#compare.hidden = !b;
    if (b) {
      this.#compare.setAttribute('href', `#compare/${encodeURIComponent(a)}/${encodeURIComponent(b)}`);
    }
  }
}

/** Of an unpaced run, which has no target, what was achieved. */
const ofTarget = (achieved, target) => [h('span', {}, achieved), target === UNKNOWN ? null : h('span', { class: 'beside' }, `of ${target}`)];

function gates(run) {
  if (!run.gates_passed && !run.gates_failed) {
    return 'none';
  }
  const total = run.gates_passed + run.gates_failed;
  return badge(run.gates_failed ? 'bad' : 'ok', `${run.gates_passed} of ${total}`);
}
