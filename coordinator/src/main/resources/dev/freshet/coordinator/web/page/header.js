// How the run stands, in one card: state, progress, the figures that matter, gates, verdict. Takes a run in progress and one that is over.

import { h, icon, mark, say } from './dom.js';
import * as format from './format.js';
import { timedBy } from './timeline.js';
import { badge, outcomeBadge, verdictBadge } from './verdict.js';

const PHASES = { warmup: 'warm-up', measured: 'measured', drain: 'draining' };

/** The last value of a column, or null. */
const last = (column) => (column?.length ? column[column.length - 1] : null);

/** A figure with its name and a note below, in a grid of them. */
function figure(name, title) {
  const value = h('span', {}, format.UNKNOWN);
  const note = h('small', {}, '\u00a0');
  return {
    element: h('div', { 'data-figure': name }, h('dt', {}, title), h('dd', {}, value, note)),
    set(text, noteText = '', state = '') {
      say(value, text);
      say(note, noteText || '\u00a0');
      mark(value, 'class', state || null);
    },
  };
}

/** A place for something that is made anew when what it says is another thing. */
function slot(make) {
  const element = h('span', { class: 'slot' });
  let shown = '';
  return {
    element,
    set(...what) {
      const now = JSON.stringify(what);
      if (now !== shown) {
        shown = now;
        element.replaceChildren(...[make(...what)].flat().filter(Boolean));
      }
    },
  };
}

/**
 * Mounts the card: `{ element, update(run) }`.
 *
 * @param tools elements beside the title, such as buttons that stop the run
 */
export function runHeader(tools = []) {
  const name = h('h1', {}, '\u00a0');
  const badges = slot((run, verdict) => [outcomeBadge(run.outcome, run.state), verdict && verdictBadge(verdict)]);
  const detail = h('p', { class: 'soft detail' });
  const bar = h('i');
  const progress = h('div', { class: 'progress' }, h('span', { class: 'bar', role: 'progressbar', 'aria-label': 'Progress', 'aria-valuemin': 0, 'aria-valuemax': 100 }, bar));
  const words = h('p', { class: 'progress-words soft' });
  const reasons = slot(reasonsOf);
  const gates = slot(gatesOf);
  const figures = {
    target: figure('target', 'Target'),
    actual: figure('actual', 'Actual'),
    bytes: figure('bytes', 'Payload'),
    p50: figure('p50', 'Response time p50'),
    p99: figure('p99', 'p99'),
    p999: figure('p999', 'p99.9'),
    lost: figure('lost', 'Lost'),
    agents: figure('agents', 'Agents ready'),
  };
  const element = h(
    'section',
    { class: 'card run-header', 'aria-label': 'Run' },
    h('header', {}, name, badges.element, h('div', { class: 'buttons' }, tools)),
    h('div', { class: 'progress-line' }, progress, words),
    detail,
    reasons.element,
    h('dl', { class: 'figures' }, Object.values(figures).map((each) => each.element)),
    gates.element,
  );

  return {
    element,
    update(run) {
      const { summary } = run;
      const over = isOver(summary);
      say(name, summary.run.name);
      mark(element, 'data-state', summary.run.state);
      badges.set(summary.run, summary.verdict?.status);
      reasons.set(summary.verdict);
      say(detail, detailOf(summary));
      detail.hidden = !detail.textContent;
      showProgress({ bar, progress, words }, summary, over);
      showFigures(figures, run, over);
      gates.set(summary.gates ?? [], over);
    },
  };
}

/** Whether a run is over: one in progress has no outcome yet. */
export function isOver(summary) {
  return (summary.run.outcome ?? null) !== null || Boolean(summary.verdict);
}

function reasonsOf(verdict) {
  const item = (kind) => (text) => h('li', { class: kind }, icon(kind), h('span', {}, text));
  const lines = verdict ? [...verdict.reasons.map(item(verdict.status === 'INVALID' ? 'bad' : 'warning')), ...(verdict.notes ?? []).map(item('none'))] : [];
  return lines.length ? h('ul', { class: 'reasons' }, lines) : null;
}

function detailOf({ run, progress }) {
  if (run.reason) {
    return run.reason;
  }
  const waiting = progress?.waiting_for ?? [];
  return waiting.length ? `Waiting for ${waiting.slice(0, 8).join(', ')}${waiting.length > 8 ? ` and ${waiting.length - 8} more` : ''}.` : (run.detail ?? '');
}

function showProgress({ bar, progress, words }, { run, progress: far, target }, over) {
  const elapsed = far?.elapsed_s ?? null;
  const total = far?.total_s ?? null;
  const merging = run.state === 'merging' || run.state === 'collecting';
  const share = over ? 1 : merging ? (far?.merged ?? 0) : total ? Math.min(1, (elapsed ?? 0) / total) : 0;
  bar.style.width = `${share * 100}%`;
  mark(progress.firstElementChild, 'aria-valuenow', Math.round(share * 100));
  if (over) {
    const took = run.t0 && run.ended ? (Date.parse(run.ended) - Date.parse(run.t0)) / 1000 : null;
    say(words, `${format.dateTime(run.started)}${took === null ? '' : `, took ${format.duration(took)}`}${target?.duration_s ? `, ${format.duration(target.duration_s)} measured` : ''}`);
  } else if (merging) {
    say(words, `writing the results, ${format.percent(share)}`);
  } else if (elapsed === null) {
    say(words, total ? `${format.duration(total)} from T0` : '');
  } else {
    say(words, `${PHASES[far.phase] ?? run.state} · ${format.clock(elapsed)} of ${format.clock(total)} · ${format.clock(total - elapsed)} left`);
  }
}

function showFigures(figures, { summary, intervals }, over) {
  const { target, achieved, ledger, latency, progress } = summary;
  const wanted = over ? target?.rate_hz : (last(intervals.target_hz) ?? target?.rate_hz);
  const actual = over ? achieved?.rate_hz : (last(intervals.rate_hz) ?? null);
  const share = actual !== null && actual !== undefined && wanted ? actual / wanted : null;
  const isUnpaced = target?.rate_hz === null;
  figures.target.set(isUnpaced ? format.UNPACED : format.rate(wanted), target?.size_bytes ? `of ${format.bytes(target.size_bytes)}` : '');
  const mean = over || !achieved ? ' of target' : ` · mean ${format.rate(achieved.rate_hz)}`;
  figures.actual.set(format.rate(actual), share === null ? '' : `${format.percent(share)}${mean}`, share !== null && share < 0.99 && wanted > 0 ? 'warning' : '');
  figures.bytes.set(format.byteRate(over ? achieved?.bytes_per_s : last(intervals.bytes_per_s)), achieved?.basis ? `as ${achieved.basis}` : '');
  const answered = latency?.response_time?.count ? latency.response_time : latency?.total;
  const timed = timedBy(intervals);
  for (const key of ['p50', 'p99', 'p999']) {
    const now = over ? null : last(intervals[`${timed}_${key}_us`]);
    const notes = [isUnpaced ? 'total delay' : '', now === null ? '' : `last second ${format.micros(now)}`];
    figures[key].set(format.micros(answered?.[`${key}_us`]), notes.filter(Boolean).join(', '));
  }
  const lost = ledger?.lost ?? null;
  const note = lost === null ? 'not known' : `${format.percent(ledger.sent ? lost / ledger.sent : 0)}${over ? '' : ', or on their way'}`;
  figures.lost.set(format.count(lost), ledger ? note : '', over && lost > 0 ? 'bad' : '');
  figures.agents.element.hidden = !progress;
  if (progress) {
    const all = progress.agents_ready >= progress.agents_expected;
    figures.agents.set(`${progress.agents_ready} of ${progress.agents_expected}`, '', all ? '' : 'warning');
  }
}

function gatesOf(gates, over) {
  return gates.length ? h('ul', { class: 'gates', 'aria-label': 'Gates' }, gates.map((gate) => gateOf(gate, over))) : null;
}

function gateOf({ text, actual, passed, reason }, over) {
  const known = (actual ?? null) !== null || over;
  const words = passed ? (over ? 'passed' : 'passes so far') : known ? (over ? 'failed' : 'fails so far') : 'not known yet';
  return h('li', { title: reason }, badge(passed ? 'ok' : known ? 'bad' : 'wait', h('code', {}, text), ` ${words}`));
}
