// The ledger as a strip of four accounts: what came in has to be what went out. While a run goes on, what is missing may be on its way.

import { h, icon, mark } from './dom.js';
import * as format from './format.js';

const LINES = [
  ['scheduled', ['sent', 'skipped', 'cancelled']],
  ['sent', ['received', 'lost']],
  ['received', ['answered', 'unanswered']],
  ['answered', ['measured', 'late']],
];

/** These are known at the end only: before, what is missing may still come. */
const MAY_STILL_COME = { lost: 'lost or in flight', unanswered: 'unanswered yet' };

/**
 * Each account: `{ whole, parts, sum, known, closes, difference }`. Not known is not wrong. A part below zero does not close, except while the run
 * goes on, when the two ends of a message may be told in different seconds.
 */
export function accounts(ledger, over) {
  return LINES.map(([whole, parts]) => {
    const figures = parts.map((part) => ledger[part] ?? null);
    const known = (ledger[whole] ?? null) !== null && figures.every((figure) => figure !== null);
    const difference = known ? ledger[whole] - figures.reduce((sum, figure) => sum + figure, 0) : 0;
    return { whole, parts, known, difference, closes: difference === 0 && !(over && figures.some((figure) => figure < 0)) };
  });
}

/** Mounts the strip: `{ element, update(ledger, over) }`. */
export function ledgerStrip() {
  const lines = h('div', { class: 'ledger-lines' });
  const verdict = h('span', { class: 'badge' });
  const element = h('section', { class: 'card ledger', 'aria-label': 'Ledger' }, h('header', {}, h('h2', {}, 'Ledger'), verdict), lines);
  let shown = '';
  return {
    element,
    update(ledger, over) {
      const state = JSON.stringify([ledger, over]);
      element.hidden = !ledger;
      if (!ledger || state === shown) {
        return;
      }
      shown = state;
      const all = accounts(ledger, over);
      const closes = all.every((account) => account.closes) && (!over || ledger.balanced !== false);
      mark(element, 'data-closes', closes);
      verdict.className = `badge ${closes ? 'good' : 'bad'}`;
      verdict.replaceChildren(icon(closes ? 'ok' : 'bad'), closes ? (over ? 'closes' : 'closes so far') : 'does not close');
      lines.replaceChildren(...all.map((account) => line(account, ledger, over)));
    },
  };
}

function line({ whole, parts, known, difference, closes }, ledger, over) {
  const sign = known ? (closes ? 'ok' : 'bad') : 'none';
  const words = known ? (closes ? 'closes' : difference ? `${format.count(Math.abs(difference))} ${difference > 0 ? 'not accounted for' : 'too many'}` : 'below zero') : 'not known';
  const term = (name) => h('span', { class: 'term' }, h('b', {}, format.count(ledger[name])), h('span', {}, (!over && MAY_STILL_COME[name]) || name));
  const between = (text) => h('i', { 'aria-hidden': 'true' }, text);
  return h(
    'div',
    { class: `account ${known && !closes ? 'bad' : ''}`, 'data-account': whole, 'data-closes': String(closes) },
    term(whole),
    between('='),
    parts.flatMap((part, index) => [...(index ? [between('+')] : []), term(part)]),
    h('span', { class: `says ${known ? (closes ? 'good' : 'bad') : 'soft'}` }, icon(sign), words),
  );
}
