// The heat map: how often each latency occurred, second by second. A cell's colour is the logarithm of its count, so that a few slow answers are seen beside many fast ones.

import uPlot from './uplot.js';
import { isDark } from './theme.js';

/** Bucket k holds 10^(k/8) to 10^((k+1)/8) microseconds. */
export const PER_DECADE = 8;

const BUCKETS = 64;

/** From few to many, even in lightness and without red against green; the light theme goes from light to dark, the dark one the other way. */
const RAMPS = {
  light: ['#dbe9f6', '#9ecae1', '#4a98c9', '#1f6bb0', '#2b3f8c', '#2a1a52'],
  dark: ['#1c2f4d', '#275d8c', '#2f93a8', '#62c08f', '#c5dd5c', '#fff3a0'],
};

const STEPS = 256;

/** A colour for each step, as the bytes of an image. */
function shades(ramp) {
  const table = new Uint32Array(STEPS);
  const parts = ramp.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  for (let step = 0; step < STEPS; step++) {
    const place = (step / (STEPS - 1)) * (parts.length - 1);
    const low = Math.min(parts.length - 2, Math.floor(place));
    const [red, green, blue] = parts[low].map((from, i) => Math.round(from + (parts[low + 1][i] - from) * (place - low)));
    table[step] = (255 << 24) | (blue << 16) | (green << 8) | red;
  }
  return table;
}

const TABLES = { light: shades(RAMPS.light), dark: shades(RAMPS.dark) };

/** The stops of the legend's gradient. */
export function ramp() {
  return RAMPS[isDark() ? 'dark' : 'light'];
}

/** Paints the cells of a run's heat behind a uPlot whose y scale counts buckets. */
export class HeatPainter {
  #seconds = [];
  #heat = [];
  #each = 1;
  #image = document.createElement('canvas');

  /** The largest count of a cell that was painted last. */
  most = 0;

  /** `seconds[row]` is the second of the `heat[row]`; two rows may have the same. */
  take(seconds, heat, secondsEach) {
    this.#seconds = seconds;
    this.#heat = heat;
    this.#each = secondsEach;
  }

  /** The y scale: the buckets that occur, to whole decades. */
  range() {
    let low = BUCKETS;
    let high = 0;
    for (const pairs of this.#heat) {
      if (pairs.length) {
        low = Math.min(low, pairs[0]);
        high = Math.max(high, pairs[pairs.length - 2]);
      }
    }
    if (low > high) {
      return [8, 40];
    }
    return [Math.floor(low / PER_DECADE) * PER_DECADE, Math.ceil((high + 1) / PER_DECADE) * PER_DECADE];
  }

  paint(plot) {
    const { min, max } = plot.scales.x;
    const { left, width, top, height } = plot.bbox;
    if (!this.#heat.length || !(max > min)) {
      return;
    }
    const each = this.#each;
    const pixels = Math.max(1, Math.floor(width / uPlot.pxRatio));
    // as many seconds to a column as it takes for one to be a pixel wide
    const group = Math.max(1, Math.ceil((max - min) / each / pixels)) * each;
    const first = Math.floor(min / group) * group;
    const columns = Math.ceil((max - first) / group);
    const [low, high] = [plot.scales.y.min, plot.scales.y.max];
    this.#draw(this.#cells(first, group, columns, low, high), columns, high - low);
    const from = plot.valToPos(first, 'x', true);
    const to = plot.valToPos(first + columns * group, 'x', true);
    const { ctx } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.#image, from, top, to - from, height);
    ctx.restore();
  }

  /** Sums of counts, a column after the other, the lowest bucket first. */
  #cells(first, group, columns, low, high) {
    const rows = high - low;
    const cells = new Float64Array(columns * rows);
    this.#heat.forEach((pairs, row) => {
      const column = Math.floor((this.#seconds[row] - first) / group);
      if (column < 0 || column >= columns) {
        return;
      }
      for (let i = 0; i < pairs.length; i += 2) {
        const bucket = pairs[i] - low;
        if (bucket >= 0 && bucket < rows) {
          cells[column * rows + bucket] += pairs[i + 1];
        }
      }
    });
    return cells;
  }

  #draw(cells, columns, rows) {
    this.#image.width = columns;
    this.#image.height = rows;
    const pen = this.#image.getContext('2d');
    const data = pen.createImageData(columns, rows);
    const colours = new Uint32Array(data.data.buffer);
    const table = TABLES[isDark() ? 'dark' : 'light'];
    this.most = cells.reduce((most, cell) => (cell > most ? cell : most), 0);
    const full = Math.log(this.most + 1);
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) {
        const count = cells[column * rows + row];
        if (count) {
          colours[(rows - 1 - row) * columns + column] = table[Math.round((Math.log(count + 1) / full) * (STEPS - 1))];
        }
      }
    }
    pen.putImageData(data, 0, 0);
  }
}
