// The page's start: one store, one feed, one view at a time, chosen by the address's hash.
//
// A view is a module that exports
//   mount(element, context) -> { update(), destroy() }
// `mount` fills the element; `update`, optional, is called at most once a second and never in a hidden tab, when the feed brought something; `destroy`, optional,
// ends what the view began. `mount` may be async. What `context` has:
//   store             the Store: status, agents, run (RunData)
//   parameters        what follows the view's name in the hash, split at `/` and decoded: #compare/A/B -> ['A', 'B']
//   go(hash)          to another view: go('#run/ID')
//   announce(text)    says something to screen readers
// Modules import each other with a relative path on one line (import { h } from './dom.js';), as report.html rewrites those.
// Views are imported when they are first shown.

import { say, mark } from './dom.js';
import { Feed } from './feed.js';
import { Store } from './store.js';
import * as keyboard from './keyboard.js';
import * as theme from './theme.js';

const VIEWS = {
  live: { title: 'Live', load: () => import('./live.js') },
  start: { title: 'Start', load: () => import('./start.js') },
  history: { title: 'Runs', load: () => import('./history.js') },
  run: { title: 'Run', under: 'history', load: () => import('./run.js') },
  compare: { title: 'Compare', under: 'history', load: () => import('./compare.js') },
};

const REDRAW_MS = 1000;

const main = document.getElementById('main');
const store = new Store();

/** The view that is shown: `{ name, update, destroy }`. */
let current = { name: null };
let wanted = 0;

function route() {
  const [name, ...rest] = location.hash.slice(1).split('/');
  return { name: Object.hasOwn(VIEWS, name) ? name : 'live', parameters: rest.map(decoded) };
}

/** What somebody typed by hand may be no code of a character; then it is taken as it is. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function show() {
  const { name, parameters } = route();
  const turn = ++wanted;
  current.destroy?.();
  current = { name };
  main.replaceChildren();
  main.dataset.view = name;
  for (const link of document.querySelectorAll('[data-view]:not(main)')) {
    mark(link, 'aria-current', link.dataset.view === (VIEWS[name].under ?? name) ? 'page' : null);
  }
  const view = await VIEWS[name].load();
  const element = document.createElement('div');
  element.className = `view ${name}`;
  const shown = turn === wanted ? await view.mount(element, { store, parameters, go, announce }) : null;
  if (turn !== wanted) {
    shown?.destroy?.();
    return;
  }
  main.append(element);
  current = { name, ...shown };
  titled();
  current.update?.();
}

function go(hash) {
  location.hash = hash;
}

function announce(text) {
  document.getElementById('announcements').textContent = text;
}

/** The tab's name says how the run stands. */
function titled() {
  const run = store.run.summary?.run;
  const doing = run && current.name === 'live' ? `${run.outcome ? (store.run.summary.verdict?.status ?? run.state) : run.state} · ${run.name}` : VIEWS[current.name].title;
  document.title = `${doing} · Freshet`;
}

let lastDraw = -REDRAW_MS;
let drawDue = false;

/** Draws soon: at once if the last time is a second ago, else when it is. */
function drawSoon() {
  if (drawDue || document.hidden) {
    return;
  }
  drawDue = true;
  const wait = Math.max(0, lastDraw + REDRAW_MS - performance.now());
  setTimeout(() => requestAnimationFrame(draw), wait);
}

function draw() {
  drawDue = false;
  lastDraw = performance.now();
  titled();
  current.update?.();
}

const banner = document.getElementById('stale');
const connection = document.getElementById('connection');
const WORDS = { connecting: 'connecting', live: 'live', stale: 'no news', paused: 'paused' };

function onFeedState(state, silenceMs) {
  mark(connection, 'data-state', state);
  say(connection.lastElementChild, WORDS[state]);
  banner.hidden = state !== 'stale';
  if (state === 'stale') {
    say(banner, `No news from the coordinator for ${Math.floor(silenceMs / 1000)} s. What is shown is old; connecting again.`);
  }
  document.documentElement.dataset.feed = state;
}

function start() {
  theme.apply();
  const button = document.getElementById('theme');
  const named = () => {
    const chosen = theme.chosen();
    say(button, chosen[0].toUpperCase() + chosen.slice(1));
    mark(button, 'aria-label', `Theme: ${chosen}`);
  };
  button.addEventListener('click', () => {
    theme.cycle();
    named();
  });
  named();
  keyboard.start({ go, theme: () => button.click() });
  addEventListener('hashchange', show);
  show();
  new Feed('api/v1/live', (event, data) => store.take(event, data) && drawSoon(), onFeedState);
}

start();
