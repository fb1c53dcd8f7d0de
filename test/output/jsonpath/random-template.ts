import type { Random } from '../../support/random.ts';

const FIELDS = [
  ...[
    'metadata',
    'name',
    'items',
    'spec',
    'labels',
    'team',
    'annotations',
    'note',
    'supportedModelFormats',
    'version',
    'priority',
    'autoSelect',
  ],
  ...['containers', 'image', 'args', 'resources', 'requests', 'cpu', 'disabled', 'protocolVersions', 'generation', 'kind', 'nope', ''],
  'serving\\.kserve\\.io/server-type',
];
const STARTS = ['', '$', '@', '.items[*]', '.items[0]', '.items[*].metadata', '.items[*].spec', '.items', '.items[-1].spec.containers[0]'];
const INDICES = ['0', '1', '-1', '-2', '2', '*', ':', '0:2', '1:', '-2:', ':1', '::2', '0:3:2', '2:1', '0:0', '::0', '', '-', 'a', ':-1'];
const KEYS = ["'name'", "'metadata'", "'a.b'", "'spec'", "''", '"name"', "'metadata.name'"];
const LEFTS = [
  '@.name',
  '@.priority',
  '@.kind',
  '@',
  '@.metadata.name',
  '@.spec.disabled',
  '@.autoSelect',
  '@.spec.containers[9]',
  "@['kind']",
  '@.args[*]',
  '"sk"',
];
const RIGHTS = [
  '1',
  '2',
  '-1',
  '1.0',
  '"sklearn"',
  "'sklearn'",
  '"1"',
  'true',
  '@.name',
  '"ServingRuntime"',
  '@',
  '.5',
  '""',
  '"a\\"b"',
  '"x)"',
  '1.2.3',
  'word',
];
const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', '=', '===', '=~', '!'];
const QUOTED = [
  '"\\n"',
  '"\\t"',
  "'\\n'",
  '"a\\"b"',
  "'it\\'s'",
  '"\\x41\\u00e9"',
  '"\\q"',
  '" "',
  '"open',
  '"a"b',
  '1',
  '-2.5',
  'true',
  '007',
  '+',
];
const ODD = ['(', ')', '\t', '{', '"', '\\', 'é', '1', '-', ' ', '@', '$', ' .name'];

/** A template from the grammar, or from near it. */
export function randomTemplate(random: Random): string {
  return several(random, 3, () => action(random));
}

function several({ below }: Random, most: number, make: () => string): string {
  return Array.from({ length: 1 + below(most) }, make).join('');
}

function action(random: Random): string {
  const { below, pick } = random;
  const kind = below(100);
  if (kind < 55) return `{${path(random)}}`;
  if (kind < 68) return `{${pick(QUOTED)}}`;
  if (kind < 73) return pick(['text ', '\n', '}', ' $ ', '"']);
  if (kind < 76) return pick(['{end}', '{range}', '{foo}', '{range .items[*]}', '{}', '{.']);
  const inner = () =>
    below(5) === 0 ? action(random) : pick(['{.metadata.name}', '{.name}', '{.kind}{"\\n"}', '{.spec.containers[*].name}', ',']);
  return `{range ${path(random)}}${several(random, 3, inner)}{end}`;
}

function path(random: Random): string {
  return random.pick(STARTS) + several(random, 4, () => step(random));
}

function step(random: Random): string {
  const { below, pick } = random;
  const kind = below(100);
  if (kind < 55) return `.${pick(FIELDS)}`;
  if (kind < 67) return `[${pick(INDICES)}]`;
  if (kind < 73) return `[${pick(KEYS)}]`;
  if (kind < 77) return `[${pick([...KEYS, ...INDICES])}, ${pick([...KEYS, ...INDICES])}]`;
  if (kind < 88) return filter(random);
  if (kind < 91) return '.*';
  if (kind < 96) return `..${pick(FIELDS)}`;
  return pick(ODD);
}

function filter({ below, pick }: Random): string {
  const [left, blank] = [pick(LEFTS), pick(['', ' '])];
  return below(4) === 0 ? `[?(${left})]` : `[?(${left}${blank}${pick(OPERATORS)}${blank}${pick(RIGHTS)})]`;
}
