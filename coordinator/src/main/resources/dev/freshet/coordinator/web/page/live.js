// The live view: the run that goes on or was last, as the feed tells it.

import { h } from './dom.js';

export function mount(element, { store }) {
  const state = h('p', { class: 'card' }, 'Waiting for the coordinator.');
  element.append(state);
  return {
    update() {
      state.textContent = store.status?.run ? `${store.status.run.run.name}: ${store.status.run.run.state}` : 'No run yet.';
    },
  };
}
