// The axis of time that charts share: what part of it is seen, where the cursor is, which events are marked on it.

import uPlot from './uplot.js';
import * as format from './format.js';
import { colour, smallText } from './theme.js';

const MARK_COLOURS = { t0: 'soft', lost: 'bad', rate: 'warn', stop: 'bad' };

/** Room above a chart for the labels of events, in CSS pixels. */
export function labelRoom() {
  return Math.round(smallText() * 1.8);
}

/** The font of an axis, as a canvas takes it. */
export function axisFont() {
  return `${smallText()}px system-ui, sans-serif`;
}

let axes = 0;

export class TimeAxis {
  /** Cursors of charts with the same key move together. */
  key = `time-${++axes}`;

  /** Called with `[from, to]` or null when a reader zooms, follows or resets. */
  onChange = () => {};

  #zoom = null;
  #follow = null;
  #end = 0;
  #start = null;
  #marks = [];
  #warmup = null;

  /** What is known now: the last second, T0 in epoch milliseconds (or null), the marks, and the second at which the measured phase begins (or null). */
  take({ end, start, marks, warmup }) {
    this.#end = end;
    this.#start = start;
    this.#marks = marks;
    this.#warmup = warmup;
  }

  /** The seconds that are seen, `[from, to]`. */
  range() {
    if (this.#zoom) {
      return this.#zoom;
    }
    // a run that has just begun does not fill the width with two seconds
    const to = Math.max(this.#end, 10);
    return this.#follow && to > this.#follow ? [to - this.#follow, to] : [0, to];
  }

  get zoomed() {
    return this.#zoom !== null;
  }

  get following() {
    return this.#follow;
  }

  /** Shows only this part, until `whole` or `follow`. */
  zoom(from, to) {
    if (to - from >= 1) {
      this.#zoom = [Math.max(0, from), Math.min(to, Math.max(this.#end, 10))];
      this.onChange();
    }
  }

  /** Closer (factor below 1) or wider around a second. */
  scale(second, factor) {
    const [from, to] = this.range();
    const width = Math.max(5, (to - from) * factor);
    if (width >= Math.max(this.#end, 10)) {
      this.follow(null);
    } else {
      const left = Math.max(0, second - ((second - from) / (to - from)) * width);
      this.zoom(left, left + width);
    }
  }

  /** The last so many seconds, or the whole run if null. */
  follow(seconds) {
    this.#zoom = null;
    this.#follow = seconds;
    this.onChange();
  }

  /** `1:05` and, below, the wall clock. */
  labels(seconds) {
    return seconds.map((second) => (second < 0 ? '' : format.clock(second) + (this.#start === null ? '' : `\n${format.time(this.#start + second * 1000)}`)));
  }

  /** A second in words: `0:12 · 23:47:55`. */
  words(second) {
    return format.clock(second) + (this.#start === null ? '' : ` · ${format.time(this.#start + second * 1000)}`);
  }

  /** uPlot's options for the axis itself. */
  axis() {
    return {
      stroke: () => colour('soft'),
      font: axisFont(),
      grid: { stroke: () => colour('grid'), width: 1 },
      ticks: { stroke: () => colour('line'), width: 1, size: 4 },
      size: 4 * smallText(),
      space: 6 * smallText(),
      incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400],
      values: (_, splits) => this.labels(splits),
    };
  }

  /** Paints what lies behind the lines: the warm-up. */
  paintPhases(chart) {
    const { ctx, bbox } = chart;
    const from = Math.max(bbox.left, chart.valToPos(0, 'x', true));
    const to = Math.min(bbox.left + bbox.width, chart.valToPos(this.#warmup ?? this.#end, 'x', true));
    if (this.#warmup === 0 || to <= from) {
      return;
    }
    ctx.save();
    ctx.fillStyle = colour('sunk');
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.fillStyle = colour('soft');
    ctx.font = `${smallText() * uPlot.pxRatio}px system-ui, sans-serif`;
    ctx.textBaseline = 'bottom';
    ctx.textAlign = 'left';
    if (ctx.measureText('warm-up').width + 8 * uPlot.pxRatio < to - from) {
      ctx.fillText('warm-up', from + 4 * uPlot.pxRatio, bbox.top + bbox.height - 3 * uPlot.pxRatio);
    }
    ctx.restore();
  }

  /** Paints the events: a line with a label, labels below each other where they would meet. */
  paintMarks(chart) {
    const { ctx, bbox } = chart;
    const ratio = uPlot.pxRatio;
    const text = smallText();
    const ends = [];
    ctx.save();
    ctx.font = `600 ${text * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'left';
    for (const { second, kind, label } of this.#marks) {
      const x = Math.round(chart.valToPos(second, 'x', true));
      if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) {
        continue;
      }
      const ink = colour(MARK_COLOURS[kind]);
      ctx.strokeStyle = ink;
      ctx.lineWidth = ratio;
      ctx.setLineDash(kind === 't0' ? [] : [3 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top - (labelRoom() - 4) * ratio);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const width = ctx.measureText(label).width + 8 * ratio;
      const left = Math.min(x, bbox.left + bbox.width - width);
      let line = ends.findIndex((end) => end <= left);
      line = line < 0 ? ends.length : line;
      if (line < 4) {
        ends[line] = left + width + 2 * ratio;
        const top = bbox.top + (line * 1.45 * text - labelRoom() + 2) * ratio;
        ctx.fillStyle = colour('card');
        ctx.fillRect(left + ratio, top, width - ratio, 1.4 * text * ratio);
        ctx.fillStyle = ink;
        ctx.fillText(label, left + 4 * ratio, top + 0.75 * text * ratio);
      }
    }
    ctx.restore();
  }
}
