// The live view: the run that goes on or was last, as the feed tells it.

import { h, say } from './dom.js';
import { agentTable } from './agents.js';
import { runCharts } from './charts.js';
import { eventLog } from './events.js';
import { isOver, runHeader } from './header.js';
import { ledgerStrip } from './ledger.js';
import { steering } from './steering.js';

export function mount(element, { store, announce }) {
  const steer = steering(announce);
  const header = runHeader(steer.elements);
  const ledger = ledgerStrip();
  const charts = runCharts();
  const agents = agentTable(store);
  const events = eventLog();
  const results = h('p', { class: 'results-link', hidden: true });
  const empty = emptyState();
  const ofRun = [header.element, ledger.element, charts.element];
  element.append(empty.element, header.element, results, ledger.element, charts.element, agents.element, events.element);
  const news = newsOf(announce);

  return {
    update() {
      const { status, run } = store;
      const known = Boolean(run.summary);
      ofRun.forEach((part) => (part.hidden = !known));
      events.element.hidden = !known;
      agents.element.hidden = !store.agents.length;
      empty.update(status, store.agents, known);
      if (status) {
        steer.update(status);
      }
      agents.update();
      if (!known) {
        return;
      }
      const over = isOver(run.summary);
      news(run.summary, store.agents);
      header.update(run);
      showResults(results, run.summary, over);
      ledger.update(run.summary.ledger, over);
      charts.update(run);
      events.update(run);
    },
    destroy() {
      charts.destroy();
      agents.destroy();
    },
  };
}

function showResults(place, { run }, over) {
  place.hidden = !over || !run.id;
  if (!place.hidden && place.dataset.run !== run.id) {
    place.dataset.run = run.id;
    place.replaceChildren('This run is over: ', h('a', { href: `#run/${encodeURIComponent(run.id)}` }, 'its result and files'), '.');
  }
}

/** What to do where there is nothing to see yet. */
function emptyState() {
  const title = h('h1', {}, 'Waiting for the coordinator');
  const words = h('p', { class: 'soft' });
  const command = h('pre', { hidden: true });
  const begin = h('a', { class: 'button primary', href: '#start', hidden: true }, 'Start a run');
  const element = h('section', { class: 'card empty', 'aria-label': 'Nothing runs' }, title, words, command, begin);
  return {
    element,
    update(status, agents, known) {
      element.hidden = known;
      if (!status) {
        return;
      }
      say(title, agents.length ? 'No run yet' : 'No agents yet');
      say(words, agents.length ? 'The agents below are ready.' : 'An agent dials this coordinator from each host that is to take part. Start one with:');
      const { endpoint, control } = status.coordinator;
      command.hidden = Boolean(agents.length);
      say(command, ['producer', 'consumer'].map((role) => `freshet agent --coordinator ${endpoint} --role ${role}`).join('\n'));
      begin.hidden = !agents.length || control === 'none';
    },
  };
}

/** Tells screen readers of changes of state, lost agents and the verdict, once each. */
function newsOf(announce) {
  let state = null;
  const lost = new Set();
  return ({ run, verdict }, agents) => {
    const now = `${run.id} ${run.state} ${verdict?.status ?? ''}`;
    if (now !== state) {
      state = now;
      announce(`Run ${run.name}: ${run.state}${verdict ? `, verdict ${verdict.status}` : ''}.`);
    }
    for (const { name, state: how } of agents) {
      if (how !== 'lost') {
        lost.delete(name);
      } else if (!lost.has(name)) {
        lost.add(name);
        announce(`Agent ${name} was lost.`);
      }
    }
  };
}
