// Which agents need a look, the worst first. Pure.

/** A second without news of an agent is usual, this many milliseconds are not. */
const SILENT_MS = 2500;

/** The share of its target that an agent may miss. */
const SHORT = 0.01;

/** Lateness p99 that shows a producer behind its schedule, in microseconds. */
const LATE_US = 1000;

/** What ails an agent: `{ level, word, words }`, level 0 for nothing up to 4 for lost; `word` is short, `words` say it. */
export function troubleOf(agent) {
  const { last, ledger } = agent;
  if (agent.state === 'lost') {
    return { level: 4, word: 'lost', words: lossOf(agent) ?? 'lost' };
  }
  if (agent.heartbeat_age_ms > SILENT_MS) {
    return { level: 3, word: 'silent', words: 'not heard of for more than two heartbeats' };
  }
  if (ledger && ledger.balanced === false && agent.state === 'idle') {
    return { level: 3, word: 'ledger open', words: 'its ledger does not close' };
  }
  if (agent.state === 'running' && last?.target_hz && last.rate_hz < last.target_hz * (1 - SHORT) - 1) {
    return { level: 2, word: 'short', words: 'it does not reach its share of the rate' };
  }
  if (agent.state === 'running' && (last?.lateness_p99_us ?? 0) > LATE_US) {
    return { level: 1, word: 'late', words: 'it is behind its schedule' };
  }
  return { level: 0, word: agent.state, words: '' };
}

/** Why an agent was lost, or null. */
export function lossOf(agent) {
  return agent.loss_reason ?? null;
}

/** The share of its interface's speed that is used, in the fuller direction; null if one of them is not known. */
export function interfaceUse({ last, speed_bits_per_s: speed }) {
  const carried = Math.max(last?.interface_sent_bytes_per_s ?? -1, last?.interface_received_bytes_per_s ?? -1);
  return speed && carried >= 0 ? (carried * 8) / speed : null;
}

/** Names in the order in which people count: p2 before p10. */
export const byName = new Intl.Collator('en', { numeric: true }).compare;

/** A copy, sorted by what `valueOf` says of an agent; what is not known comes last, equal ones by name. */
export function sorted(agents, valueOf, descending) {
  const sign = descending ? -1 : 1;
  const order = (a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    const [noX, noY] = [x === null || x === undefined, y === null || y === undefined];
    if (noX || noY) {
      return noX === noY ? byName(a.name, b.name) : noX ? 1 : -1;
    }
    return (typeof x === 'string' ? byName(x, y) : x - y) * sign || byName(a.name, b.name);
  };
  return [...agents].sort(order);
}
