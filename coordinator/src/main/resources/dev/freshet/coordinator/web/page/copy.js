// A line for a terminal, with a button that copies it.

import { h } from './dom.js';

/** @returns `{ element, set(text) }` */
export function copyable(text) {
  const code = h('code', {}, text);
  const button = h('button', { type: 'button', class: 'quiet', onclick: () => copy(code, button) }, 'Copy');
  return { element: h('div', { class: 'copyable' }, code, button), set: (line) => (code.textContent = line) };
}

/** The clipboard is there on https and on localhost only; elsewhere the line is selected, which is half the way. */
async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}
