// A plan as the start form holds it: a text for each key, empty where the default stands. Pure, no page in it.
// The rules are the coordinator's own: a dry run checks a plan and turns YAML into keys, nothing is checked here.

/**
 * The keys of a plan, those that matter first; `more` marks the others. `default` is what an empty field means; `choices` are the only
 * values there are, the default first; `list` is a key with one value a line.
 */
export const KEYS = [
  { key: 'name', label: 'Name', default: 'run', wide: true, hint: 'Names the run and its result directory.' },
  { key: 'rate', label: 'Rate', default: '1000/s', hint: 'Messages a second of the whole fleet: 1000/s, 0.5/s, 100k/s, or max: as fast as it goes.' },
  { key: 'size', label: 'Size', default: '1MiB', hint: 'Payload: 100B, 16KiB, 1MiB, or a mix 16KiB:3,1MiB:1.' },
  { key: 'duration', label: 'Duration', default: '10s', hint: 'The measured phase: 10s, 500ms, 2m, 1h.' },
  { key: 'warmup', label: 'Warm-up', default: '2s', hint: 'Before it, whole seconds; counts in no result.' },
  { key: 'agents', label: 'Producers', default: '4', hint: 'Agents that send, from 1 to 1000.' },
  {
    key: 'consumers',
    label: 'Consumers',
    default: '1',
    hint: 'Agents that receive and answer; 0 for none, or external:HOST[:PORT] for one of yours.',
  },
  {
    key: 'gates',
    label: 'Gates',
    default: '',
    list: true,
    wide: true,
    hint: 'What the result must show, one a line: loss == 0, total.p99 < 5ms, throughput >= 1GB/s.',
  },
  { key: 'drain', label: 'Drain', default: '5s', more: true, hint: 'The longest wait for answers after the last message.' },
  {
    key: 'phase',
    label: 'Phase',
    default: 'staggered',
    choices: ['staggered', 'aligned', 'random'],
    more: true,
    hint: 'Staggered: like one smooth source. Aligned: all fire together. Random: drawn from the seed.',
  },
  {
    key: 'on_full',
    label: 'When full',
    default: 'skip',
    choices: ['skip', 'wait'],
    more: true,
    hint: 'At the high-water mark a message is left out and counted, or waited for, as always with rate max.',
  },
  {
    key: 'engine',
    label: 'Engine',
    default: 'direct',
    choices: ['direct', 'jeromq'],
    more: true,
    hint: 'What producers publish with: ZMTP straight on sockets, or JeroMQ, the reference.',
  },
  {
    key: 'wait',
    label: 'Waiting',
    default: 'hybrid',
    choices: ['hybrid', 'sleep', 'spin'],
    more: true,
    hint: "How a producer waits for a message's time: asleep, asleep and then spinning for the last 60 us, or spinning all the time.",
  },
  {
    key: 'measure',
    label: 'Measurements',
    default: 'all',
    more: true,
    hint: 'Which answered messages get a row in measurements.csv: all, 1/N or none. Percentiles and counts have all of them.',
  },
  {
    key: 'sizes',
    label: 'Sizes',
    default: 'mix',
    choices: ['mix', 'deal'],
    more: true,
    hint: 'Whether each producer sends the whole mix of sizes, or is dealt one of them.',
  },
  {
    key: 'weights',
    label: 'Weights',
    default: '',
    placeholder: 'equal shares',
    more: true,
    hint: 'Share of the rate of each producer: 4,4,4,1, or link-speed.',
  },
  {
    key: 'interface',
    label: 'Interface',
    default: '',
    placeholder: "each agent's own",
    more: true,
    hint: 'That the agents bind and watch, by name or by one of its addresses.',
  },
  { key: 'channels', label: 'Channels', default: '1', more: true, hint: 'PUB sockets of each producer, from 1 to 64.' },
  {
    key: 'data_port',
    label: 'Data port',
    default: '0',
    placeholder: 'any free one',
    more: true,
    hint: 'Of the first producer; the others take the next ones.',
  },
  {
    key: 'processing_time',
    label: 'Processing time',
    default: '0s',
    more: true,
    hint: 'How long a consumer works on each message.',
  },
  { key: 'workers', label: 'Workers', default: '1', more: true, hint: 'Messages that a consumer works on at a time.' },
  { key: 'seed', label: 'Seed', default: '1', more: true, hint: 'Of all that is drawn: random phases, mixes of sizes.' },
  {
    key: 'consumer_patience',
    label: 'Consumer patience',
    default: '60s',
    more: true,
    hint: "How long a consumer of yours may take to say 'start'.",
  },
];

/** The form's texts of a plan as the API tells it. What is the default is left empty, so that the form shows what was chosen. */
export function textsOf(plan) {
  const texts = {};
  for (const { key, default: byDefault, list } of KEYS) {
    const text = textOf(plan[key], list ? '\n' : ',');
    texts[key] = text === byDefault ? '' : text;
  }
  return texts;
}

function textOf(value, separator) {
  if (value === undefined || value === null) {
    return '';
  }
  if (Array.isArray(value)) {
    return value.join(separator);
  }
  return typeof value === 'object' ? `external:${textOf(value.external, ',')}` : String(value);
}

/** The mean payload of a plan's `size` as the API writes it (`1MiB`, `16KiB:3,1MiB:1`), in bytes. */
export function meanSizeBytes(size) {
  let bytes = 0;
  let weights = 0;
  for (const [, value, unit, weight = '1'] of size.matchAll(/(\d+)([KMG]i)?B(?::(\d+))?/g)) {
    bytes += Number(value) * { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, undefined: 1 }[unit] * Number(weight);
    weights += Number(weight);
  }
  return bytes / weights;
}

/** The plan that the texts ask for, as the API takes it: only what was filled in. */
export function planOf(texts) {
  const plan = {};
  for (const { key, list } of KEYS) {
    const text = (texts[key] ?? '').trim();
    if (text) {
      plan[key] = list ? lines(text) : text;
    }
  }
  return plan;
}

function lines(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** A plan of `planOf` as a file for `freshet run --plan`. */
export function yamlOf(plan) {
  const text = Object.entries(plan).map(([key, value]) =>
    Array.isArray(value) ? `${key}:\n${value.map((entry) => `  - ${scalar(entry)}\n`).join('')}` : `${key}: ${scalar(value)}\n`,
  );
  return text.join('');
}

/** As it stands where YAML would read the same text back, else in double quotes: JSON's strings are YAML's, too. */
function scalar(text) {
  const plain = /^[A-Za-z0-9](?:[^\s:#"'\\]|:(?=\S)| (?![#\s]))*$/.test(text) && !/^(?:true|false|yes|no|on|off|null)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

/** The same run from a terminal. */
export function commandOf(plan, coordinatorUrl) {
  const options = Object.entries(plan).flatMap(([key, value]) =>
    Array.isArray(value)
      ? value.map((entry) => `--${key.replace(/s$/, '')} ${shellWord(entry)}`)
      : [`--${key.replaceAll('_', '-')} ${shellWord(value)}`],
  );
  return ['freshet run', `--coordinator ${shellWord(coordinatorUrl)}`, ...options].join(' ');
}

function shellWord(text) {
  return /^[A-Za-z0-9_.:\/,@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Which key a problem's text speaks of, and what it says of it without naming it: `plan line 3: rate: 'x' is not a rate` is about `rate`.
 * The key is null if it names none.
 */
export function complaint(text) {
  for (const match of text.matchAll(/(?:^|: )([a-z_]+): /g)) {
    if (KEYS.some(({ key }) => key === match[1])) {
      return { key: match[1], text: text.slice(match.index + match[0].length) };
    }
  }
  return { key: null, text };
}
