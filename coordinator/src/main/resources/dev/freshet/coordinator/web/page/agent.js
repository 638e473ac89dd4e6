// One agent, opened: who it is, and its own charts.

import { h, say } from './dom.js';
import * as format from './format.js';
import { api } from './api.js';
import { agentCharts } from './charts.js';
import { lossOf } from './trouble.js';

/** An agent's clock against the coordinator's: `+12 µs ± 4 µs`. */
export function clockOf({ clock }) {
  return clock ? `${format.signedMicros(Math.round(clock.offset_us))} ± ${format.micros(Math.round(clock.error_us))}` : format.UNKNOWN;
}

/** Shows an agent's own charts in a panel: what was, from the API, then what comes, from the feed. `{ name, update(), close() }` */
export function openAgent(store, name, panel) {
  const charts = agentCharts();
  const facts = h('p', { class: 'soft small' });
  const complaint = h('p', { class: 'complaint', role: 'alert', hidden: true });
  const section = h('section', { 'aria-label': `Agent ${name}`, 'data-agent-panel': name }, h('h3', {}, `Agent ${name}`), facts, complaint, charts.element);
  panel.replaceChildren(section);
  store.watch(name);
  const stop = new AbortController();
  let loading = false;
  if (store.runId) {
    load();
  }
  section.scrollIntoView({ block: 'nearest' });

  async function load() {
    const run = store.runId;
    loading = true;
    try {
      const { intervals } = await api.agentIntervals(run, name, { signal: stop.signal });
      if (run === store.runId) {
        store.backfill(name, intervals);
        draw();
      }
      complaint.hidden = true;
    } catch (problem) {
      if (!stop.signal.aborted) {
        say(complaint, `Not all that was before is known: ${problem.message}`);
        complaint.hidden = false;
      }
    }
    loading = false;
  }

  function draw() {
    charts.update(store.run.agents[name] ?? {}, store.run);
  }

  function update() {
    const agent = store.agents.find((each) => each.name === name);
    if (agent) {
      say(facts, factsOf(agent));
    }
    if (store.hasGap(name) && !loading) {
      load();
    }
    draw();
  }

  return {
    name,
    update,
    close() {
      stop.abort();
      store.unwatch(name);
      charts.destroy();
      section.remove();
    },
  };
}

function factsOf(agent) {
  const { host, pid, version, address, endpoints, cores, clock } = agent;
  const parts = [
    lossOf(agent) && `lost: ${lossOf(agent)}`,
    `${agent.role} on ${host}, pid ${pid}, freshet ${version}`,
    address && `${agent.interface} ${address}`,
    agent.speed_bits_per_s && format.bitRate(agent.speed_bits_per_s),
    `${cores} cores`,
    endpoints?.length && endpoints.join(', '),
    clock && `clock ${clockOf(agent)}, ${clock.exchanges} exchanges${clock.impossible ? `, ${clock.impossible} impossible` : ''}`,
  ];
  return parts.filter(Boolean).join(' · ');
}
