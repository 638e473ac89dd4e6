// The start of report.html: takes the data that the file holds, and puts the view of a finished run in place of the plain tables. If that fails, these stay.

import { finishedRun } from './finished.js';
import { apply } from './theme.js';

apply();
const plain = document.getElementById('plain');
const view = finishedRun(JSON.parse(document.getElementById('data').textContent));
plain.after(view.element);
view.draw();
plain.hidden = true;
