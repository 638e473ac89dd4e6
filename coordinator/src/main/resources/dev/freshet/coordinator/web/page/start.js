// The start form: a plan in fields or as YAML, checked by the coordinator while a person types, what each agent would get, and the start.

import { api, forgetToken, giveToken, lacksToken } from './api.js';
import { copyable } from './copy.js';
import { h } from './dom.js';
import { KEYS, commandOf, complaint, planOf, textsOf, yamlOf } from './plan.js';
import { obstacle } from './readiness.js';
import { shardTable } from './shards.js';

const PAUSE_MS = 250;

export function mount(element, { store, parameters: [pastRun], go }) {
  const form = new StartForm(store, go);
  element.append(h('h1', {}, 'Start a run'), form.element);
  form.open(pastRun);
  return { update: () => form.heard(), destroy: () => form.close() };
}

class StartForm {
  #store;
  #go;
  #fields = new Map();
  #preview = h('div', { class: 'preview' });
  #complaint = h('p', { class: 'complaint', role: 'alert', hidden: true });
  #yaml = h('textarea', { class: 'yaml', rows: 12, spellcheck: 'false', 'aria-label': 'Plan as YAML', oninput: () => this.#typedYaml() });
  #yamlComplaint = h('p', { class: 'complaint', role: 'alert', hidden: true });
  #command = copyable('');
  #button = h('button', { type: 'submit', class: 'primary' }, 'Start');
  #obstacle = h('div', { class: 'obstacle', id: 'obstacle', 'aria-live': 'polite' });
  #pause = null;
  #asking = null;
  #accepted = null;
  #starting = false;
  #question = {};
  #heardOf = '';

  constructor(store, go) {
    this.#store = store;
    this.#go = go;
    const first = KEYS.filter((key) => !key.more).map((key) => this.#field(key));
    const more = KEYS.filter((key) => key.more).map((key) => this.#field(key));
    this.element = h(
      'form',
      { class: 'start-form', novalidate: true, onsubmit: (event) => this.#submit(event) },
      h(
        'section',
        { class: 'card' },
        h('header', {}, h('h2', {}, 'Plan')),
        h('div', { class: 'fields' }, first),
        folded('More', h('div', { class: 'fields' }, more)),
        this.#otherForms(),
      ),
      h(
        'section',
        { class: 'card becomes' },
        h('header', {}, h('h2', {}, 'What it becomes')),
        this.#complaint,
        this.#preview,
        this.#obstacle,
        h('div', { class: 'buttons' }, this.#button),
      ),
    );
    this.#button.setAttribute('aria-describedby', 'obstacle');
  }

  #field(key) {
    const id = `plan-${key.key}`;
    const describedBy = `${id}-hint ${id}-complaint`;
    const common = { id, name: key.key, 'aria-describedby': describedBy, oninput: () => this.#typed() };
    const shown = key.placeholder ?? key.default;
    const input = key.choices
      ? h('select', common, key.choices.map((choice) => h('option', { value: choice === key.default ? '' : choice }, choice)))
      : h(key.list ? 'textarea' : 'input', { ...common, placeholder: shown, autocomplete: 'off', spellcheck: 'false', ...(key.list ? { rows: 2 } : {}) });
    const complaintAt = h('p', { id: `${id}-complaint`, class: 'complaint', 'aria-live': 'polite', hidden: true });
    this.#fields.set(key.key, { input, complaintAt });
    return h(
      'div',
      { class: key.wide ? 'field wide' : 'field' },
      h('label', { for: id }, key.label),
      input,
      complaintAt,
      h('p', { id: `${id}-hint`, class: 'soft small' }, key.hint),
    );
  }

  #otherForms() {
    const file = h('input', { type: 'file', accept: '.yaml,.yml', 'aria-label': 'Plan file', onchange: () => this.#upload(file) });
    return [
      folded('As YAML', h('p', { class: 'soft small' }, 'Paste a plan here or choose a file; the fields follow.'), file, this.#yaml, this.#yamlComplaint),
      folded('As a command', this.#command.element),
    ];
  }

  async open(pastRun) {
    this.#heardOf = this.#circumstances();
    if (pastRun) {
      try {
        this.#fill((await api.charts(pastRun)).plan);
      } catch (problem) {
        this.#complain(this.#complaint, `The plan of run ${pastRun} could not be read: ${problem.message}`);
      }
    }
    this.#typed(0);
  }

  /** Another agent changes who would get what, and control that is known now whether to ask at all. */
  heard() {
    const now = this.#circumstances();
    if (now !== this.#heardOf) {
      this.#heardOf = now;
      this.#check(this.#question, PAUSE_MS);
    }
    this.#showObstacle();
  }

  #circumstances() {
    const idle = this.#store.agents.filter((agent) => agent.state === 'idle').map((agent) => agent.name);
    return [this.#store.status?.coordinator.control, ...idle].join(' ');
  }

  close() {
    clearTimeout(this.#pause);
    this.#asking?.abort();
  }

  #texts() {
    return Object.fromEntries([...this.#fields].map(([key, { input }]) => [key, input.value]));
  }

  #fill(plan) {
    const texts = textsOf(plan);
    for (const [key, { input }] of this.#fields) {
      input.value = texts[key];
    }
  }

  #typed(pauseMs = PAUSE_MS) {
    const plan = planOf(this.#texts());
    this.#yaml.value = yamlOf(plan);
    this.#complain(this.#yamlComplaint, '');
    this.#command.set(commandOf(plan, new URL('.', document.baseURI).href));
    this.#check(plan, pauseMs);
  }

  #typedYaml() {
    this.#check(this.#yaml.value, PAUSE_MS);
  }

  async #upload(file) {
    if (file.files.length) {
      this.#yaml.value = await file.files[0].text();
      this.#check(this.#yaml.value, 0);
    }
  }

  /** Asks the coordinator what it makes of the plan, once typing has paused; an answer to an older question is dropped. */
  #check(plan, pauseMs) {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    this.#question = plan;
    this.#accepted = null;
    this.#showObstacle();
    this.#pause = setTimeout(() => this.#ask(plan), pauseMs);
  }

  async #ask(plan) {
    const control = this.#store.status?.coordinator.control;
    if (control === 'none') {
      return;
    }
    if (lacksToken(control)) {
      this.#showTokenNeeded(plan);
      return;
    }
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const answer = await api.dryRun(plan, { signal: asking.signal });
      this.#accept(plan, answer);
    } catch (problem) {
      if (problem.status === 401) {
        forgetToken();
        this.#showTokenNeeded(plan);
      }
      if (!asking.signal.aborted) {
        this.#refuse(plan, problem);
      }
    }
  }

  #showTokenNeeded(plan) {
    const button = h('button', { type: 'button', onclick: async () => (await giveToken()) && this.#check(plan, 0) }, 'Give the token');
    this.#preview.replaceChildren(h('p', {}, 'This coordinator checks and starts plans with its token only. '), button);
  }

  #accept(plan, { plan: resolved, shards }) {
    this.#clearComplaints();
    if (typeof plan === 'string') {
      this.#fill(resolved);
      this.#command.set(commandOf(planOf(this.#texts()), new URL('.', document.baseURI).href));
    }
    this.#accepted = { plan, resolved };
    this.#preview.replaceChildren(shardTable(resolved, shards));
    this.#showObstacle();
  }

  #refuse(plan, problem) {
    this.#clearComplaints();
    if (typeof plan === 'string') {
      this.#complain(this.#yamlComplaint, problem.message);
      this.#yaml.setAttribute('aria-invalid', 'true');
      return;
    }
    const { key, text } = problem.status === 422 ? complaint(problem.message) : { key: null, text: problem.message };
    const field = this.#fields.get(key);
    this.#complain(field?.complaintAt ?? this.#complaint, text);
    field?.input.setAttribute('aria-invalid', 'true');
    const folded = field?.input.closest('details');
    if (folded) {
      folded.open = true;
    }
    this.#preview.classList.toggle('outdated', problem.status !== 401);
    this.#showObstacle();
  }

  #complain(element, text) {
    element.textContent = text;
    element.hidden = !text;
  }

  #clearComplaints() {
    this.#preview.classList.remove('outdated');
    this.#complain(this.#complaint, '');
    this.#complain(this.#yamlComplaint, '');
    this.#yaml.removeAttribute('aria-invalid');
    for (const { input, complaintAt } of this.#fields.values()) {
      this.#complain(complaintAt, '');
      input.removeAttribute('aria-invalid');
    }
  }

  #showObstacle() {
    const plan = this.#accepted?.resolved;
    const found = plan ? obstacle(plan, this.#store.status, this.#store.agents) : null;
    this.#button.disabled = !plan || found !== null || this.#starting;
    const said = JSON.stringify(found);
    if (this.#obstacle.dataset.said === said) {
      return;
    }
    this.#obstacle.dataset.said = said;
    this.#obstacle.replaceChildren(...(found ? obstacleLines(found) : []));
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#button.disabled) {
      return;
    }
    this.#starting = true;
    this.#showObstacle();
    try {
      await api.start(this.#accepted.plan);
      this.#go('#live');
    } catch (problem) {
      this.#refuse(this.#accepted.plan, problem);
    } finally {
      this.#starting = false;
      this.#showObstacle();
    }
  }
}

const folded = (name, ...content) => h('details', {}, h('summary', {}, name), content);

function obstacleLines({ reason, link, commands }) {
  return [
    h('p', { class: 'reason' }, reason, ' ', link ? h('a', { href: link.href }, link.text) : null),
    ...commands.map((command) => copyable(command).element),
  ];
}
