// Feed frames to what the page shows. Pure: no page, no network, no clock.
//
// RunData is the shape of GET /api/v1/runs/{id}/charts, too, so charts and tables draw a live run and a finished one alike:
//   { summary,                      summary.json's members, of a run in progress as far as they are known
//     plan,                         plan.yaml's keys
//     intervals: {interval: [...], phase: [...], target_hz: [...], ...},      the columns of intervals.csv
//     heat: [[bucket, count, ...]], one list for each row
//     agents: {p1: {interval: [...], ...}},                                   the columns of agent-intervals.csv; live, those that are watched only
//     events: [{at, kind, agent, text}],
//     rows_each_s }                 seconds that a row stands for

/** An hour of a row a second; what is older is in the run's files. */
export const MOST_ROWS = 3600;

const MOST_EVENTS = 2000;

/** Rows of objects to columns of equal length. A member that an object does not have is null. */
export function columnsOf(rows) {
  const columns = {};
  for (const row of rows) {
    append(columns, row, Infinity);
  }
  return columns;
}

/** Adds a row to columns, in place, and forgets the oldest beyond `most`. */
export function append(columns, row, most) {
  const length = columns.interval?.length ?? 0;
  for (const key of Object.keys(row)) {
    columns[key] ??= new Array(length).fill(null);
  }
  for (const [key, column] of Object.entries(columns)) {
    column.push(row[key] ?? null);
    if (column.length > most) {
      column.shift();
    }
  }
}

export function emptyRun() {
  return { summary: null, plan: null, intervals: {}, heat: [], agents: {}, events: [], rows_each_s: 1 };
}

export class Store {
  /** The last `status` frame, or null before there was one. */
  status = null;

  /** AgentStatus of every agent of the fleet, as the last `agents` frame has them. */
  agents = [];

  /** RunData of the run that goes on or was last; its `summary` is null as long as there was none. */
  run = emptyRun();

  #runId = null;
  #watched = new Set();
  #gaps = new Set();

  /** The id of the run that the rows are of, or null. */
  get runId() {
    return this.#runId;
  }

  /**
   * Takes a frame of the feed.
   *
   * @returns whether there was anything in it for this page
   */
  take(event, data) {
    switch (event) {
      case 'status':
        this.status = data;
        if (!data.run) {
          this.#forget();
        }
        this.#summarise(data.run);
        return true;
      case 'agents':
        this.agents = data.agents;
        this.#followWatched();
        return true;
      case 'run':
        this.#begin(data);
        return true;
      case 'row':
        return this.#row(data);
      case 'mark':
        return this.#mark(data);
      default:
        return false;
    }
  }

  /** A coordinator that has had no run was started anew: what an earlier one told goes on no longer, however it was doing. */
  #forget() {
    this.run = { ...emptyRun(), agents: Object.fromEntries([...this.#watched].map((name) => [name, {}])) };
    this.#runId = null;
    this.#gaps.clear();
  }

  #begin({ id, plan }) {
    const status = this.status?.run;
    let { agents } = this.run;
    if (this.#runId !== id) {
      agents = Object.fromEntries([...this.#watched].map((name) => [name, {}]));
      this.#gaps = new Set(this.#watched);
    }
    this.run = { ...emptyRun(), plan, agents };
    this.#runId = id;
    this.#summarise(status);
  }

  #summarise(status) {
    if (status && (this.#runId === null || status.run.id === this.#runId)) {
      this.run.summary = status;
    }
  }

  #row({ run, fleet, heat }) {
    if (run !== this.#runId) {
      return false;
    }
    append(this.run.intervals, fleet, MOST_ROWS);
    this.run.heat.push(heat);
    if (this.run.heat.length > MOST_ROWS) {
      this.run.heat.shift();
    }
    return true;
  }

  #mark({ run, at, kind, agent = null, text }) {
    if (run !== this.#runId) {
      return false;
    }
    this.run.events.push({ at, kind, agent, text });
    if (this.run.events.length > MOST_EVENTS) {
      this.run.events.shift();
    }
    return true;
  }

  /** Keeps the intervals of one agent from now on: 64 agents' for an hour would be too much, those that someone looks at are not. */
  watch(name) {
    this.#watched.add(name);
    this.run.agents[name] ??= {};
  }

  unwatch(name) {
    this.#watched.delete(name);
    delete this.run.agents[name];
  }

  /** What was before an agent was watched. Rows that came from the feed meanwhile stay, behind it. */
  backfill(name, rows) {
    if (!this.#watched.has(name)) {
      return;
    }
    const columns = columnsOf(rows.slice(-MOST_ROWS));
    this.#gaps.delete(name);
    const seen = new Set(rows.map(rowKey));
    for (const row of rowsOf(this.run.agents[name] ?? {})) {
      if (!seen.has(rowKey(row))) {
        append(columns, row, MOST_ROWS);
      }
    }
    this.run.agents[name] = columns;
  }

  /** Whether seconds of a watched agent are missing that `backfill` has to bring: of `agents` frames a slow browser gets the latest only. */
  hasGap(name) {
    return this.#gaps.has(name);
  }

  #followWatched() {
    for (const { name, last } of this.agents) {
      if (!last || !this.#watched.has(name)) {
        continue;
      }
      const columns = (this.run.agents[name] ??= {});
      const before = columns.interval?.at(-1) ?? null;
      if (before === null || last.interval > before) {
        append(columns, last, MOST_ROWS);
      }
      if (before !== null && last.interval > before + 1) {
        this.#gaps.add(name);
      }
    }
  }
}

const rowKey = (row) => `${row.interval} ${row.phase}`;

/** Columns to rows, the other way round than `columnsOf`. */
export function rowsOf(columns) {
  const keys = Object.keys(columns);
  return (columns.interval ?? []).map((_, index) => Object.fromEntries(keys.map((key) => [key, columns[key][index]])));
}
