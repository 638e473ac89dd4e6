// The page's view of one run of the past: what finished.js makes of its data, and what only a coordinator can give: its files.

import { api, fileUrl } from './api.js';
import { bytes } from './format.js';
import { finishedRun } from './finished.js';
import { h } from './dom.js';
import { table } from './table.js';

export function mount(element, { parameters: [id], go }) {
  const closing = new AbortController();
  let view = null;
  const show = (...content) => element.replaceChildren(...content);
  show(h('p', { class: 'empty', role: 'status' }, 'Reading the run…'));
  load(id, closing.signal)
    .then((run) => {
      view = run;
      if (closing.signal.aborted) {
        view?.destroy();
      } else if (view) {
        show(view.element);
        view.draw();
      } else {
        go('#live');
      }
    })
    .catch((problem) => closing.signal.aborted || show(h('h1', {}, id), h('p', { class: 'complaint', role: 'alert' }, problem.message), h('p', {}, toAllRuns())));
  return {
    destroy() {
      closing.abort();
      view?.destroy();
    },
  };
}

const toAllRuns = () => h('a', { class: 'button', href: '#history' }, 'All runs');

/** Null for a run that goes on: it has its own view. One whose coordinator ended before it has no outcome either. */
async function load(id, signal) {
  const status = await api.run(id, { signal });
  if (status.run.outcome === null && status.run.state !== 'unfinished') {
    return null;
  }
  const [data, { files }] = await Promise.all([api.charts(id, { signal }), api.files(id, { signal })]);
  const again = h('a', { class: 'button primary', href: `#start/${encodeURIComponent(id)}` }, 'Run again');
  return finishedRun(data, { actions: [again, toAllRuns()], downloads: downloads(id, files) });
}

function downloads(id, files) {
  const sum = files.reduce((total, file) => total + file.size_bytes, 0);
  return table(
    [
      { label: 'File', of: ({ path }) => h('a', { href: fileUrl(id, path), download: path.split('/').at(-1) }, path) },
      { label: 'Size', number: true, of: (file) => bytes(file.size_bytes) },
    ],
    files,
    { caption: 'Files of the run', foot: [`${files.length} files`, bytes(sum)] },
  );
}
