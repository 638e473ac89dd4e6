// Keyboard: the shortcuts of the shell, and the dialog that lists those of the shell and of the view.

import { h } from './dom.js';

/** Keys with what they do, in the order in which the dialog lists them. */
const LIST = [
  ['1', 'Live view'],
  ['2', 'Start a run'],
  ['3', 'Runs so far'],
  ['t', 'Theme: auto, light, dark'],
  ['?', 'This list'],
  ['← →', 'On a chart: the second before or after'],
  ['+ −', 'On a chart: closer, wider'],
  ['Esc', 'On a chart: the whole run again'],
  ['Enter', 'On an agent: its own charts'],
];

/**
 * @param actions `go(hash)` and `theme()`
 */
export function start(actions) {
  const dialog = document.getElementById('shortcuts');
  dialog.append(
    h('h2', { id: 'shortcuts-title' }, 'Keyboard'),
    h('dl', { class: 'keys' }, LIST.map(([key, text]) => h('div', {}, h('dt', {}, key.split(' ').map((k) => h('kbd', {}, k))), h('dd', {}, text)))),
    h('form', { method: 'dialog', class: 'buttons' }, h('button', { class: 'primary' }, 'Close')),
  );
  const help = () => !dialog.open && dialog.showModal();
  document.getElementById('help').addEventListener('click', help);
  // the hash chooses the view, so the skip link must not change it
  document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault();
    document.getElementById('main').focus();
  });
  const keys = { 1: () => actions.go('#live'), 2: () => actions.go('#start'), 3: () => actions.go('#history'), t: actions.theme, '?': help };
  addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select, [contenteditable], dialog[open]');
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}
