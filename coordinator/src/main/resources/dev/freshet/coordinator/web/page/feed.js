// The coordinator's live feed: server-sent events, with stale detection, reconnects that resume, and no connection while nobody looks.

const EVENTS = ['status', 'agents', 'run', 'row', 'mark'];

/** A status comes each second; three missed ones are no news. */
const STALE_MS = 3000;

/** A connection that says nothing for this long is replaced: a cable that was pulled tells no browser anything. */
const DEAD_MS = 8000;

const LOOK_MS = 500;

/**
 * Follows the feed until closed.
 *
 * @param onFrame called with the event's name and its data for each frame
 * @param onState called with the state and the milliseconds since the last frame, when it changes and again while it is stale: `connecting`, `live`, `stale` (no news, or no connection, for 3 s) or `paused` (the tab is hidden)
 */
export class Feed {
  #url;
  #onFrame;
  #onState;
  #source = null;
  #lastId = null;
  #heard = performance.now();
  #opened = 0;
  #state = null;
  #watch;
  #visibility = () => this.#seen();

  constructor(url, onFrame, onState) {
    this.#url = url;
    this.#onFrame = onFrame;
    this.#onState = onState;
    document.addEventListener('visibilitychange', this.#visibility);
    this.#seen();
  }

  get #silence() {
    return performance.now() - this.#heard;
  }

  close() {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#disconnect();
  }

  #seen() {
    if (document.hidden) {
      // a browser has six connections for all tabs of an origin, and a hidden tab has no use for one
      this.#disconnect();
      this.#become('paused');
    } else if (!this.#source) {
      this.#heard = performance.now();
      this.#become('connecting');
      this.#connect();
      this.#watch = setInterval(() => this.#look(), LOOK_MS);
    }
  }

  #connect() {
    this.#source?.close();
    // a new EventSource cannot send the header Last-Event-ID, so the id goes into the query; one that reconnects by itself sends the header
    const resume = this.#lastId ? `?last-event-id=${encodeURIComponent(this.#lastId)}` : '';
    const source = new EventSource(this.#url + resume);
    this.#source = source;
    this.#opened = performance.now();
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => this.#frame(event, message));
    }
  }

  #disconnect() {
    clearInterval(this.#watch);
    this.#source?.close();
    this.#source = null;
  }

  #frame(event, message) {
    this.#heard = performance.now();
    this.#lastId = message.lastEventId || this.#lastId;
    this.#onFrame(event, JSON.parse(message.data));
    this.#become('live');
  }

  #look() {
    if (this.#silence > STALE_MS) {
      this.#become('stale');
    }
    const closed = this.#source.readyState === EventSource.CLOSED;
    const since = performance.now() - Math.max(this.#heard, this.#opened);
    if (since > (closed ? STALE_MS : DEAD_MS)) {
      this.#connect();
    }
  }

  #become(state) {
    if (state !== this.#state || state === 'stale') {
      this.#state = state;
      this.#onState(state, this.#silence);
    }
  }
}
