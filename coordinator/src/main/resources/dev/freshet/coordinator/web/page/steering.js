// Stopping a run and changing its rate, each after a question.

import { h, say } from './dom.js';
import { api } from './api.js';
import { isOver } from './header.js';

/**
 * Mounts the buttons: `{ elements, update(status) }`.
 *
 * @param announce says what was done to screen readers
 */
export function steering(announce) {
  let run = null;
  const change = h('button', { type: 'button', hidden: true, onclick: () => askRate(run.id) }, 'Change rate');
  const stop = h('button', { type: 'button', class: 'danger', hidden: true, onclick: () => askStop(run) }, 'Stop');

  function askStop({ id, name }) {
    ask({
      title: 'Stop this run?',
      text: `The producers of ${name} end at once. What was counted is kept, and the results are written as far as the run came.`,
      button: ['Stop the run', 'danger'],
      act: () => api.stop(id, 'stopped from the page'),
      done: () => announce('The run is being stopped.'),
    });
  }

  function askRate(id) {
    const field = h('input', { name: 'rate', required: true, placeholder: '1000/s', autocomplete: 'off', 'aria-label': 'Messages a second of the whole fleet' });
    ask({
      title: 'Change the rate',
      text: 'Messages a second of the whole fleet, as in a plan: 1000/s, 0.5/s, 100k/s. All producers take it up at the same second.',
      field,
      button: ['Change it', 'primary'],
      act: () => api.setRate(id, field.value.trim()),
      done: () => announce(`The rate is being changed to ${field.value.trim()}.`),
    });
  }

  return {
    elements: [change, stop],
    update({ coordinator, run: of }) {
      run = of?.run ?? null;
      const allowed = coordinator.control !== 'none' && run !== null && !isOver(of);
      stop.hidden = !allowed;
      change.hidden = !allowed || run.state !== 'running';
    },
  };
}

/** A dialog that does something if the person says so, and says what went wrong. */
function ask({ title, text, field, button: [words, kind], act, done }) {
  const complaint = h('p', { class: 'complaint', role: 'alert', hidden: true });
  const go = h('button', { type: 'submit', class: kind }, words);
  const cancel = h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
  const submit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    complaint.hidden = true;
    try {
      await act();
      dialog.close();
      done();
    } catch (problem) {
      say(complaint, problem.message);
      complaint.hidden = false;
    }
    go.disabled = false;
  };
  const form = h('form', { onsubmit: submit }, h('h2', {}, title), h('p', {}, text), field, complaint, h('div', { class: 'buttons' }, go, cancel));
  const dialog = h('dialog', { 'aria-label': title, onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
}
