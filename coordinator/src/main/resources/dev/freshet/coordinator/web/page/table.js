// Tables of figures that fold into cards where the page is narrow (each cell carries its column's name for that).

import { h } from './dom.js';

/**
 * @param columns `{ label, of(row), number, wide }`: what a cell says, as text or nodes; figures stand right, `wide` ones have a line of their own in a card;
 *     the first column heads its row
 * @param rows whatever `of` takes
 * @param options `caption` names the table for those who do not see it; `foot` is a last row that sums up, its cells' contents
 */
export function table(columns, rows, { caption, foot = null }) {
  const line = (contentOf) => h('tr', {}, columns.map((column, index) => cell(column, contentOf(column, index), index)));
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      { class: 'folding' },
      h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, columns.map(({ label, number }) => h('th', { scope: 'col', class: number ? 'number' : null }, label)))),
      h('tbody', {}, rows.map((row) => line((column) => column.of(row)))),
      foot ? h('tfoot', {}, line((column, index) => foot[index])) : null,
    ),
  );
}

function cell({ label, number, wide }, content, index) {
  const properties = { class: number ? 'number' : wide ? 'wide' : null, 'data-label': label };
  return index === 0 ? h('th', { ...properties, scope: 'row' }, content) : h('td', properties, content);
}
