// The start of report.html: takes the data that the file holds, and puts the view of a finished run in place of the plain tables. If that fails, these stay.

import { runCharts } from './charts.js';
import { finishedRun } from './finished.js';
import { apply } from './theme.js';

function show(data) {
  const plain = document.getElementById('plain');
  if (!data.summary) {
    // a run that did not come to its end: its charts behind what there is
    const charts = runCharts();
    plain.append(charts.element);
    charts.update(data);
    return;
  }
  const view = finishedRun(data);
  view.element.classList.add('view');
  plain.after(view.element);
  view.draw();
  plain.hidden = true;
}

apply();
show(JSON.parse(document.getElementById('data').textContent));
