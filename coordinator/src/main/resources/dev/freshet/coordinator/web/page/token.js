// Asks for the coordinator's token, in a dialog of the page.

import { h } from './dom.js';

/**
 * Resolves to the token, or to an empty string if the person closes the dialog.
 *
 * @param refused why it is asked for again, or ''
 */
export function askForToken(refused) {
  const field = h('input', { type: 'password', autocomplete: 'current-password', required: true, 'aria-label': 'Token' });
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', {}, 'Token'),
    refused ? h('p', { class: 'complaint', role: 'alert' }, refused) : null,
    h('p', {}, 'This coordinator takes orders with its token only: the content of the file that its --token-file names. It is kept until this tab is closed.'),
    field,
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'submit', class: 'primary', value: 'given' }, 'Use it'),
      h('button', { type: 'button', onclick: () => dialog.close('') }, 'Cancel'),
    ),
  );
  const dialog = h('dialog', { class: 'token' }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'given' ? field.value.trim() : '');
    });
  });
}
