// The fleet as a table, the worst first; a row opens that agent's own charts.

import { h, icon, mark, say } from './dom.js';
import * as format from './format.js';
import { clockOf, openAgent } from './agent.js';
import { interfaceUse, sorted, troubleOf } from './trouble.js';

const SIGNS = ['ok', 'warning', 'warning', 'bad', 'bad'];
const CLASSES = ['good', 'warning', 'warning', 'bad', 'bad'];

/** An agent's last interval; of one that is lost it is the past, not what it does. */
const now = (agent) => (agent.state === 'lost' ? null : agent.last);

/** Columns: `value` to sort by, `text` to show, `number` to the right. The worse end comes first when a column is chosen, unless it says `ascending`. */
const COLUMNS = [
  { key: 'name', title: 'Agent', value: (agent) => agent.name, ascending: true },
  { key: 'trouble', title: 'State', value: (agent) => troubleOf(agent).level },
  { key: 'heartbeat', title: 'Last heard', value: (agent) => agent.heartbeat_age_ms, text: (agent) => format.age(agent.heartbeat_age_ms), number: true },
  { key: 'role', title: 'Role', value: (agent) => agent.role, ascending: true },
  { key: 'host', title: 'Host', value: (agent) => agent.host, ascending: true },
  { key: 'interface', title: 'Interface', value: (agent) => interfaceUse({ ...agent, last: now(agent) }) },
  { key: 'target', title: 'Assigned', value: (agent) => agent.last?.target_hz, text: (agent) => format.rate(agent.last?.target_hz), number: true },
  { key: 'actual', title: 'Actual', value: (agent) => now(agent)?.rate_hz, text: (agent) => format.rate(now(agent)?.rate_hz), number: true, ascending: true },
  { key: 'lateness', title: 'Lateness p99', value: (agent) => now(agent)?.lateness_p99_us, text: (agent) => format.micros(now(agent)?.lateness_p99_us), number: true },
  { key: 'sent', title: 'Sent', value: (agent) => agent.ledger?.sent, text: (agent) => format.count(agent.ledger?.sent), number: true },
  { key: 'received', title: 'Received', value: (agent) => agent.ledger?.received, text: (agent) => format.count(agent.ledger?.received), number: true },
  { key: 'lost', title: 'Lost', value: (agent) => agent.ledger?.lost, text: (agent) => format.count(agent.ledger?.lost), number: true },
  { key: 'cpu', title: 'Cores', value: (agent) => now(agent)?.cpu_share, text: (agent) => format.cores(now(agent)?.cpu_share), number: true },
  { key: 'gc', title: 'GC, ms/s', value: (agent) => now(agent)?.gc_ms, text: (agent) => format.count(now(agent)?.gc_ms), number: true },
  { key: 'clock', title: 'Clock offset', value: (agent) => Math.abs(agent.clock?.offset_us ?? NaN) || 0, text: clockOf, number: true },
];

/** One agent's row, made once; `show` changes what is different. */
class Row {
  #cells = {};
  #name;
  #state = '';

  constructor(name, onOpen) {
    this.#name = h('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', onclick: () => onOpen(name) }, name);
    const cells = COLUMNS.map(({ key, number }) => {
      const cell = key === 'name' ? h('th', { scope: 'row' }, this.#name) : h('td', { class: number ? 'number' : false });
      this.#cells[key] = cell;
      return cell;
    });
    this.element = h('tr', { 'data-agent': name, onclick: (event) => !event.target.closest('button') && onOpen(name) }, cells);
    this.use = h('i');
    this.interface = h('span');
    this.share = h('span', { class: 'soft number' });
    this.#cells.interface.append(h('span', { class: 'use' }, this.interface, h('span', { class: 'bar', 'aria-hidden': 'true' }, this.use), this.share));
  }

  show(agent, open) {
    const { level, word, words } = troubleOf(agent);
    mark(this.element, 'data-state', agent.state);
    mark(this.element, 'data-trouble', level);
    mark(this.element, 'class', open ? 'chosen' : null);
    mark(this.#name, 'aria-expanded', open);
    const state = `${level} ${word} ${words}`;
    if (state !== this.#state) {
      this.#state = state;
      this.#cells.trouble.replaceChildren(h('span', { class: `badge ${CLASSES[level]}`, title: words || false }, icon(SIGNS[level]), word));
    }
    for (const { key, text, value } of COLUMNS) {
      if (key === 'role' || key === 'host') {
        say(this.#cells[key], value(agent) ?? format.UNKNOWN);
      } else if (text) {
        say(this.#cells[key], text(agent));
      }
    }
    const share = interfaceUse({ ...agent, last: now(agent) });
    say(this.interface, agent.interface ?? format.UNKNOWN);
    say(this.share, share === null ? format.UNKNOWN : format.percent(share));
    this.use.style.width = `${Math.min(1, share ?? 0) * 100}%`;
    this.use.parentElement.classList.toggle('full', (share ?? 0) > 0.9);
    mark(this.#cells.interface, 'title', agent.speed_bits_per_s ? `${agent.address ?? ''} at ${format.bitRate(agent.speed_bits_per_s)}` : (agent.address ?? null));
  }
}

/**
 * Mounts the table: `{ element, update(), destroy() }`.
 *
 * @param store whose agents it shows, and which keeps the opened agent's intervals
 */
export function agentTable(store) {
  const rows = new Map();
  const body = h('tbody');
  const heads = COLUMNS.map(({ key, title, number }) =>
    h('th', { scope: 'col', 'data-column': key, class: number ? 'number' : false }, h('button', { type: 'button', onclick: () => sortBy(key) }, title)),
  );
  const panel = h('div', { class: 'agent-panel' });
  const summary = h('span', { class: 'soft small' });
  const element = h(
    'section',
    { class: 'card agents', 'aria-label': 'Agents' },
    h('header', {}, h('h2', {}, 'Agents'), summary),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of agents' }, h('table', {}, h('thead', {}, h('tr', {}, heads)), body)),
    panel,
  );
  let sort = { key: 'trouble', descending: true };
  let opened = null;

  function sortBy(key) {
    const column = COLUMNS.find((each) => each.key === key);
    sort = sort.key === key ? { key, descending: !sort.descending } : { key, descending: !column.ascending };
    update();
  }

  function toggle(name) {
    const again = opened?.name === name;
    opened?.close();
    opened = again ? null : openAgent(store, name, panel);
    update();
  }

  function update() {
    const { agents } = store;
    const column = COLUMNS.find((each) => each.key === sort.key);
    COLUMNS.forEach(({ key }, index) => mark(heads[index], 'aria-sort', key === sort.key ? (sort.descending ? 'descending' : 'ascending') : 'none'));
    const order = sorted(agents, column.value, sort.descending);
    for (const agent of order) {
      if (!rows.has(agent.name)) {
        rows.set(agent.name, new Row(agent.name, toggle));
      }
      rows.get(agent.name).show(agent, opened?.name === agent.name);
    }
    const elements = order.map((agent) => rows.get(agent.name).element);
    if (elements.length !== body.children.length || elements.some((row, index) => body.children[index] !== row)) {
      const focused = document.activeElement;
      body.replaceChildren(...elements);
      if (body.contains(focused)) {
        focused.focus({ preventScroll: true });
      }
      const here = new Set(agents.map((agent) => agent.name));
      [...rows.keys()].filter((name) => !here.has(name)).forEach((name) => rows.delete(name));
    }
    say(summary, countsOf(agents));
    opened?.update();
  }

  return {
    element,
    update,
    destroy: () => opened?.close(),
  };
}

/** `8 producers, 1 consumer; 1 lost` */
function countsOf(agents) {
  const count = (test) => agents.filter(test).length;
  const named = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const lost = agents.filter((agent) => agent.state === 'lost').map((agent) => agent.name);
  return `${named(count((agent) => agent.role === 'producer'), 'producer')}, ${named(count((agent) => agent.role === 'consumer'), 'consumer')}${lost.length ? `; lost: ${lost.join(', ')}` : ''}`;
}
