// How a run ended, as a badge: a sign with a word.

import { h, icon } from './dom.js';

const CLASSES = { ok: 'good', warning: 'warning', bad: 'bad', wait: '', none: '' };

const OF_VERDICT = { VALID: 'ok', DEGRADED: 'warning', INVALID: 'bad' };

const OF_OUTCOME = {
  done: ['ok', 'done'],
  gate_failed: ['bad', 'gate failed'],
  invalid: ['bad', 'invalid'],
  agents_lost: ['bad', 'agents lost'],
  stopped: ['warning', 'stopped'],
};

/** @param kind ok, warning, bad, wait or none */
export function badge(kind, ...words) {
  return h('span', { class: `badge ${CLASSES[kind]}` }, icon(kind), words);
}

/** Whether the measurement can be trusted. */
export function verdictBadge(verdict) {
  return verdict ? badge(OF_VERDICT[verdict], verdict) : badge('none', 'no verdict');
}

/** What came of the run; of one that goes on, its state. */
export function outcomeBadge(outcome, state) {
  const [kind, word] = OF_OUTCOME[outcome] ?? [state === 'unfinished' ? 'none' : 'wait', state];
  return badge(kind, word);
}
