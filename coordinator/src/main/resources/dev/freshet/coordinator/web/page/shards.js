// What each agent would get of a plan: the answer of a dry run, before anything is begun.

import { bytesPerSecond, rate } from './format.js';
import { h } from './dom.js';
import { meanSizeBytes } from './plan.js';

/** @param shards of a dry run; empty if they depend on agents that are not here yet */
export function shardTable(plan, shards) {
  const producers = shards.filter((shard) => shard.role === 'producer');
  const total = producers.reduce((sum, shard) => sum + shard.rate_hz * meanSizeBytes(shard.size), 0);
  const summary = h(
    'p',
    { class: 'total' },
    producers.length ? h('strong', {}, bytesPerSecond(total)) : null,
    `${producers.length ? ' in all: ' : ''}${plan.rate} of ${plan.size} for ${plan.duration} after ${plan.warmup} of warm-up, ${plan.phase}`,
  );
  if (!shards.length) {
    return h('div', {}, summary, h('p', {}, 'Who gets what is known once the agents have joined: it goes by the speed of their links.'));
  }
  return h(
    'div',
    {},
    summary,
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Shards' },
      h(
        'table',
        { class: 'shards' },
        h('thead', {}, h('tr', {}, heading('Agent'), heading('Role'), heading('Rate', true), heading('Size'), heading('Bytes', true), heading('First message', true), heading('In the period'))),
        h('tbody', {}, shards.map(row)),
        h('tfoot', {}, h('tr', {}, h('th', { scope: 'row' }, 'In all'), h('td'), number(plan.rate), h('td'), number(bytesPerSecond(total)), h('td'), h('td'))),
      ),
    ),
  );
}

const heading = (text, right = false) => h('th', { scope: 'col', class: right ? 'number' : null }, text);
const number = (text) => h('td', { class: 'number' }, text);

function row(shard) {
  const name = h('th', { scope: 'row' }, shard.agent);
  if (shard.role !== 'producer') {
    return h('tr', {}, name, h('td', {}, shard.role), h('td', { colspan: 5 }, shard.serves.length ? `serves ${shard.serves.join(' ')}` : 'serves whoever comes'));
  }
  const periodMs = 1000 / shard.rate_hz;
  return h(
    'tr',
    {},
    name,
    h('td', {}, shard.role),
    number(rate(shard.rate_hz)),
    h('td', {}, shard.size),
    number(bytesPerSecond(shard.rate_hz * meanSizeBytes(shard.size))),
    number(`T0 + ${shard.first_ms.toFixed(3)} ms`),
    h('td', {}, place(shard.first_ms / periodMs)),
  );
}

/** A line for the period, with a mark where the agent fires in it. */
function place(share) {
  const mark = h('span', { class: 'mark' });
  mark.style.left = `${100 * share}%`;
  return h('span', { class: 'period', role: 'img', 'aria-label': `${Math.round(100 * share)} % into its period` }, mark);
}
