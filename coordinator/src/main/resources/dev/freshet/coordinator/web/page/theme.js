// Light or dark: what the system says, unless the reader says otherwise; and the colours of the style sheet for those who draw on a canvas.

const KEY = 'freshet-theme';
const NEXT = { auto: 'light', light: 'dark', dark: 'auto' };

const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();

export function chosen() {
  return localStorage.getItem(KEY) ?? 'auto';
}

/** Sets what is chosen; called at once so that nothing is drawn in the wrong colours first. */
export function apply() {
  const theme = chosen();
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

/** On to the next of auto, light and dark. */
export function cycle() {
  localStorage.setItem(KEY, NEXT[chosen()]);
  apply();
  changed();
}

/** Whether the page is dark now. */
export function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === 'dark' : dark.matches;
}

/** Calls the listener when the colours change. Returns a function that ends it. */
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed() {
  colours.clear();
  listeners.forEach((listener) => listener());
}

dark.addEventListener('change', changed);

// Paper is light, and what is on a canvas has to be drawn for it.
addEventListener('beforeprint', () => {
  document.documentElement.dataset.theme = 'light';
  changed();
});
addEventListener('afterprint', () => {
  apply();
  changed();
});

/** The height of small text in CSS pixels: canvases write as large as the page does, on a phone and on a wall. */
export function smallText() {
  return Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.74);
}

const colours = new Map();

/** The colour that a custom property of the style sheet has now, as the canvas takes it. */
export function colour(property) {
  if (!colours.has(property)) {
    const probe = document.createElement('i');
    probe.style.color = `var(--${property})`;
    document.body.append(probe);
    colours.set(property, getComputedStyle(probe).color);
    probe.remove();
  }
  return colours.get(property);
}
