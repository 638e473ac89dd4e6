// Figures as a person reads them: units, separators, as many digits as mean something. Pure. What is not known is a dash.

export const UNKNOWN = '–';

/** The rate of what is sent as fast as it goes. */
export const UNPACED = 'max';

const unknown = (value) => value === null || value === undefined || Number.isNaN(value);

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A number with as many decimals as give it `digits` significant ones before and after the point, none cut before the point. */
function digits(value, significant) {
  const size = Math.abs(value);
  const before = size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
  return value.toFixed(Math.max(0, significant - before));
}

/** Scales to the first unit that leaves less than 1000. `units` are a thousand apart. */
function scaled(value, units, significant = 3) {
  let unit = 0;
  let left = value;
  // rounding may carry: 999.96 has to become 1.00 of the next unit
  while (unit < units.length - 1 && Math.abs(Number(digits(left, significant))) >= 1000) {
    left /= 1000;
    unit += 1;
  }
  return `${digits(left, significant)} ${units[unit]}`;
}

/** `1,234,567` */
export function count(value) {
  return unknown(value) ? UNKNOWN : WHOLE.format(value);
}

/** Messages a second: `950/s`, `12,345/s`, `1.235 M/s`; below 100 with fractions. */
export function rate(hertz) {
  if (unknown(hertz)) {
    return UNKNOWN;
  }
  if (Math.abs(hertz) >= 1e6) {
    return `${scaled(hertz / 1e6, ['M/s', 'G/s'], 4)}`;
  }
  return Math.abs(hertz) < 100 && !Number.isInteger(hertz) ? `${digits(hertz, 3)}/s` : `${WHOLE.format(hertz)}/s`;
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Decimal: `512 B`, `1.05 GB`. */
export function bytes(value) {
  if (unknown(value)) {
    return UNKNOWN;
  }
  return Math.abs(value) < 1000 ? `${WHOLE.format(value)} B` : scaled(value, BYTES);
}

/** `1.05 GB/s` */
export function byteRate(value) {
  return unknown(value) ? UNKNOWN : `${bytes(value)}/s`;
}

/** A link's speed: `10 Gbit/s`. */
export function bitRate(value) {
  if (unknown(value)) {
    return UNKNOWN;
  }
  const [figure, unit] = scaled(value, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']).split(' ');
  return `${Number(figure)} ${unit}`;
}

/** Microseconds: `0 µs`, `850 µs`, `31.2 ms`, `1.20 s`. */
export function micros(value) {
  if (unknown(value)) {
    return UNKNOWN;
  }
  if (Math.abs(value) < 1000) {
    return Number.isInteger(value) || Math.abs(value) >= 100 ? `${WHOLE.format(value)} µs` : `${digits(value, 2)} µs`;
  }
  return scaled(value / 1000, ['ms', 's', 'ks']);
}

/** For an axis, where room is short: `950`, `12k`, `1.5M`. */
export function compact(value) {
  return short(value, ['', 'k', 'M', 'G', 'T']);
}

/** For an axis: `0`, `500 MB`, `1.2 GB`. */
export function bytesTick(value) {
  return value === 0 ? '0' : short(value, BYTES.map((unit) => ` ${unit}`));
}

/** For an axis: `10 µs`, `1 ms`, `10 s`. */
export function microsTick(value) {
  return short(value, [' µs', ' ms', ' s', ' ks']);
}

function short(value, units) {
  let left = value;
  let unit = 0;
  // 999.9999 is what a logarithm leaves of 1000
  while (Math.abs(left) >= 999.95 && unit < units.length - 1) {
    left /= 1000;
    unit += 1;
  }
  return `${Number(left.toPrecision(3))}${units[unit]}`;
}

/** Processor seconds a second: `0.25`, `3.10`. */
export function cores(share) {
  return unknown(share) ? UNKNOWN : share.toFixed(2);
}

/** A difference of clocks: `+12 µs`, `−3.4 ms`. */
export function signedMicros(value) {
  if (unknown(value)) {
    return UNKNOWN;
  }
  return `${value < 0 ? '−' : '+'}${micros(Math.abs(value))}`;
}

/** A share from 0 to 1: `0 %`, `0.02 %`, `12.5 %`, `99.97 %`. Never rounded to 0 or 100 what is not. */
export function percent(share) {
  if (unknown(share)) {
    return UNKNOWN;
  }
  const value = share * 100;
  const size = Math.abs(value);
  if (size > 0 && size < 0.01) {
    return '< 0.01 %';
  }
  const text = size === 0 || size >= 1000 ? value.toFixed(0) : size > 99 && size < 100 ? cut(value, 2) : digits(value, 3);
  return `${text} %`;
}

/** Down, not round: 99.999 must not read as 100. */
function cut(value, decimals) {
  const factor = 10 ** decimals;
  return (Math.floor(value * factor) / factor).toFixed(decimals);
}

/** Seconds as a clock: `0:07`, `12:05`, `1:02:03`; whole seconds only. */
export function clock(seconds) {
  if (unknown(seconds)) {
    return UNKNOWN;
  }
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A length of time in words: `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds) {
  if (unknown(seconds)) {
    return UNKNOWN;
  }
  if (seconds < 1) {
    return seconds === 0 ? '0 s' : `${Math.round(seconds * 1000)} ms`;
  }
  if (seconds < 60) {
    return `${Number(digits(seconds, seconds < 10 ? 2 : 3))} s`;
  }
  const whole = Math.round(seconds);
  for (const [unit, length, next, part] of [['d', 86400, 'h', 3600], ['h', 3600, 'min', 60], ['min', 60, 's', 1]]) {
    if (whole >= length) {
      const rest = Math.floor((whole % length) / part);
      return `${Math.floor(whole / length)} ${unit}${rest ? ` ${rest} ${next}` : ''}`;
    }
  }
  return UNKNOWN;
}

const two = (value) => String(value).padStart(2, '0');

/** An ISO time or epoch milliseconds as the reader's wall clock: `23:47:55`. */
export function time(at) {
  const date = new Date(at);
  return at === null || at === undefined || Number.isNaN(date.getTime())
    ? UNKNOWN
    : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The same with the day: `2026-11-24 23:47:55`. */
export function dateTime(at) {
  const date = new Date(at);
  return at === null || at === undefined || Number.isNaN(date.getTime())
    ? UNKNOWN
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time(at)}`;
}

/** How long ago, in milliseconds: `0.4 s`, `12 s`, `3 min 20 s`. */
export function age(millis) {
  if (unknown(millis)) {
    return UNKNOWN;
  }
  return millis < 10_000 ? `${(Math.max(0, millis) / 1000).toFixed(1)} s` : duration(Math.floor(millis / 1000));
}
