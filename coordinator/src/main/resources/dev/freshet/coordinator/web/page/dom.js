// The few words in which the page's elements are made.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element. Members of `properties`: `class`; `on…` functions are listeners; `true` is an attribute without a value; `false`, null and undefined are left
 * out; all else are attributes. Children are nodes or text; null, undefined and false are left out.
 */
export function h(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** As `h`, of SVG. */
export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on') && typeof value === 'function') {
      element.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets the text of an element if it is another one: an unchanged page costs nothing, and screen readers hear changes only. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets an attribute if it is another one; null removes it. */
export function mark(element, name, value) {
  if (value === null || value === undefined) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

const ICONS = {
  ok: 'M3 8.5l3.2 3L13 4.5',
  bad: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 3v6M8 12.4v.2',
  wait: 'M8 5v3.2l2 1.4M8 1.8a6.2 6.2 0 1 0 .01 0z',
  none: 'M4 8h8',
};

/** A small sign beside words, so that colour is never the only difference: ok, bad, warning, wait or none. */
export function icon(kind) {
  return svg('svg', { class: `icon ${kind}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: ICONS[kind] }));
}
