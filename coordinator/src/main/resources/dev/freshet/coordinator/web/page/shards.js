// What each agent would get of a plan: the answer of a dry run, before anything is begun.

import { UNPACED, byteRate, rate } from './format.js';
import { h } from './dom.js';
import { meanSizeBytes } from './plan.js';
import { table } from './table.js';

const isProducer = (shard) => shard.role === 'producer';
/** Null of an unpaced one, which has no rate. */
const bytesPerSecond = (shard) => (shard.rate_hz === null ? null : shard.rate_hz * meanSizeBytes(shard.size));

/** @param shards of a dry run; null if they depend on agents that are not here yet */
export function shardTable(plan, shards) {
  const load = h('p', { class: 'load' }, `${plan.rate} of ${plan.size} for ${plan.duration} after ${plan.warmup} of warm-up, ${plan.phase}`);
  if (!shards) {
    return h('div', {}, load, h('p', { class: 'hint' }, 'Who gets what is known once the agents are here.'));
  }
  const producers = shards.filter(isProducer);
  const isPaced = producers.every((shard) => shard.rate_hz !== null);
  const total = isPaced ? producers.reduce((sum, shard) => sum + bytesPerSecond(shard), 0) : null;
  return h(
    'div',
    { class: 'shards' },
    isPaced ? h('p', { class: 'sum' }, h('strong', {}, byteRate(total)), ' in all') : null,
    load,
    table(COLUMNS, shards, { caption: 'Who gets what', foot: [`${shards.length} in all`, '', plan.rate, '', byteRate(total), '', ''] }),
  );
}

const COLUMNS = [
  { label: 'Agent', of: (shard) => shard.agent },
  { label: 'Role', of: (shard) => shard.role },
  { label: 'Rate', number: true, of: ofProducer((shard) => exactRate(shard.rate_hz)) },
  { label: 'Size', number: true, of: ofProducer((shard) => shard.size) },
  { label: 'Bytes', number: true, of: ofProducer((shard) => byteRate(bytesPerSecond(shard))) },
  { label: 'First', number: true, of: ofProducer((shard) => `T0+${shard.first_ms.toFixed(3)} ms`) },
  { label: 'Place in the period', wide: true, of: (shard) => (isProducer(shard) ? (shard.rate_hz === null ? '' : place(shard)) : `serves ${shard.serves.join(' ') || 'whoever comes'}`) },
];

function ofProducer(say) {
  return (shard) => (isProducer(shard) ? say(shard) : '');
}

/** As the command line writes it: three decimals at most, below 1/s three digits. */
function exactRate(hertz) {
  if (hertz === null) {
    return UNPACED;
  }
  return hertz >= 100_000 ? rate(hertz) : `${Number(hertz < 1 ? hertz.toPrecision(3) : hertz.toFixed(3))}/s`;
}

/** A line for the period, with a mark where the agent fires in it. */
function place(shard) {
  const share = shard.first_ms * shard.rate_hz / 1000;
  const mark = h('span', { class: 'mark' });
  mark.style.left = `${100 * share}%`;
  return h('span', { class: 'period', role: 'img', 'aria-label': `${Math.round(100 * share)} % into its period` }, mark);
}
