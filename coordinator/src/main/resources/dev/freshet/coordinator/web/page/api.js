// The coordinator's API: JSON in and out, each call bounded in time, each failure one sentence that a person can act on.

import { askForToken } from './token.js';

const BASE = 'api/v1/';
const TOKEN = 'freshet-token';
const PATIENCE_MS = 15_000;

/** What went wrong, in words; `status` is 0 if no answer came. `word` is the last part of an `urn:freshet:problem:`. */
export class Problem extends Error {
  constructor({ status = 0, title = '', detail = '', type = '' }) {
    super(detail || title || `status ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.title = title;
    this.word = type.startsWith('urn:freshet:problem:') ? type.slice('urn:freshet:problem:'.length) : '';
  }
}

/** Whether control needs a token that this tab does not have yet. */
export function lacksToken(control) {
  return control === 'token' && !sessionStorage.getItem(TOKEN);
}

/** Asks the person for the token and keeps it while the tab is open. Resolves to false if they would rather not. */
export async function giveToken(refused = '') {
  const token = await askForToken(refused);
  if (token) {
    sessionStorage.setItem(TOKEN, token);
  }
  return Boolean(token);
}

/** A token that was refused is none. */
export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
}

/** Where a path of the API is, for links and for `curl`. */
export function urlOf(path) {
  return new URL(BASE + path, document.baseURI).href;
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

async function call(method, path, { body, type = 'application/json', signal, patienceMs = PATIENCE_MS } = {}) {
  const headers = { Accept: 'application/json, application/problem+json' };
  if (body !== undefined) {
    headers['Content-Type'] = type;
  }
  const token = sessionStorage.getItem(TOKEN);
  if (token && method !== 'GET') {
    headers.Authorization = `Bearer ${token}`;
  }
  const timeout = AbortSignal.timeout(patienceMs);
  let answer;
  try {
    answer = await fetch(urlOf(path), {
      method,
      headers,
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      cache: 'no-store',
    });
    if (answer.ok) {
      const text = await answer.text();
      return text ? JSON.parse(text) : null;
    }
  } catch (error) {
    throw signal?.aborted ? error : unanswered(error, patienceMs);
  }
  throw await problemOf(answer);
}

function unanswered(error, patienceMs) {
  if (error.name === 'TimeoutError') {
    return new Problem({ detail: `The coordinator did not answer within ${patienceMs / 1000} s.` });
  }
  if (error instanceof SyntaxError) {
    return new Problem({ detail: `The coordinator's answer is not JSON (${error.message}).` });
  }
  return new Problem({ detail: 'The coordinator cannot be reached. Is it still running?' });
}

async function problemOf(answer) {
  const isJson = (answer.headers.get('Content-Type') ?? '').includes('json');
  const said = isJson ? await answer.json().catch(() => ({})) : {};
  return new Problem({ title: answer.statusText, ...said, status: answer.status });
}

/** As `call`, for what changes something: a refused token is asked for again, once for each refusal. */
async function control(method, path, options) {
  try {
    return await call(method, path, options);
  } catch (problem) {
    if (problem.status === 401 && (await giveToken(sessionStorage.getItem(TOKEN) ? 'That token was refused.' : ''))) {
      return control(method, path, options);
    }
    throw problem;
  }
}

const runPath = (id) => `runs/${encodeURIComponent(id)}`;

export const api = {
  fleet: (options) => call('GET', 'fleet', options),
  runs: ({ limit, before, ...options } = {}) => call('GET', `runs${query({ limit, before })}`, options),
  run: (id, options) => call('GET', runPath(id), options),
  charts: (id, options) => call('GET', `${runPath(id)}/charts`, { patienceMs: 60_000, ...options }),
  files: (id, options) => call('GET', `${runPath(id)}/files`, options),
  agentIntervals: (id, agent, options) =>
    call('GET', `${runPath(id)}/agents/${encodeURIComponent(agent)}/intervals`, { patienceMs: 60_000, ...options }),
  compare: (a, b, options) => call('GET', `compare${query({ a, b })}`, options),

  /** What a plan would become. An object is sent as JSON, text as YAML. Never asks for a token, as it runs while a person types. */
  dryRun: (plan, options) => call('POST', `runs${query({ dry_run: true })}`, { ...planBody(plan), ...options }),
  start: (plan, options) => control('POST', 'runs', { ...planBody(plan), ...options }),
  stop: (id, reason) => control('POST', `${runPath(id)}/stop`, { body: { reason } }),
  setRate: (id, rate) => control('PUT', `${runPath(id)}/rate`, { body: { rate } }),
};

function planBody(plan) {
  return typeof plan === 'string' ? { body: plan, type: 'application/yaml' } : { body: plan };
}

/** The address of one file of a run; each part of the path is escaped, the slashes are kept. */
export function fileUrl(id, path) {
  return urlOf(`${runPath(id)}/files/${path.split('/').map(encodeURIComponent).join('/')}`);
}
