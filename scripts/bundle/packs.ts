/** A file that esbuild made: a module of the sources that is loaded by itself, or what several of them share. */
export interface Chunk {
  readonly name: string;
  /** The module that it is made of; undefined if it is shared code. */
  readonly entryPoint: string | undefined;
  /** Names of chunks that must be loaded with it. */
  readonly needs: readonly string[];
  /** CommonJS. */
  readonly code: string;
}

/** Chunks that are loaded together. */
export interface Pack {
  /** Of its file. */
  readonly name: string;
  readonly modules: readonly string[];
  /** An expression in ASCII: an object with a function (module, exports, require) for each module. */
  readonly code: string;
}

/** What a start loads by turns: of shared chunks each goes with the first that needs it. The rest is loaded on few paths only. */
const IN_ORDER = [
  'src/main.ts',
  'src/cli/completion/complete.ts',
  'src/cli/run.ts',
  'src/cluster/connect.ts',
  'src/commands/runtimes/list/list.ts',
  'src/cluster/transport/tls/trust.ts',
  'src/output/table.ts',
  'src/commands/doctor/doctor.ts',
  'src/commands/rbac/check/check.ts',
];

const WITH_CLUSTER = ['src/main.ts', 'src/cli/run.ts', 'src/cluster/connect.ts', 'src/cluster/transport/tls/trust.ts'];

const LIST = [...WITH_CLUSTER, 'src/commands/runtimes/list/list.ts', 'src/output/table.ts'];

/** What some starts load. They share a little with others, and should not compile the rest of what those load. */
const APART = [
  LIST,
  // Refused.
  [...LIST, 'src/commands/runtimes/reading/roles-of-hint.ts', 'src/commands/runtimes/reading/failures.ts'],
  ['src/main.ts', 'src/cli/run.ts', 'src/commands/version/version.ts'],
  // Without a cluster.
  [
    'src/main.ts',
    'src/cli/run.ts',
    'src/commands/runtimes/match/match.ts',
    'src/commands/runtimes/match/ask-files.ts',
    'src/commands/runtimes/match/report.ts',
    'src/output/json.ts',
  ],
  [...WITH_CLUSTER, 'src/commands/doctor/doctor.ts'],
  [...WITH_CLUSTER, 'src/commands/rbac/check/check.ts', 'src/output/table.ts'],
];

/**
 * Pieces of at most so many characters that a list shares with some of the others go with what every start loads: packs of their own would cost
 * each of them more. Not those that are in one pack with these modules anyway: what needs one of them and is loaded by the same starts.
 */
const SMALL = 2500;
const SMALL_WITH = 'src/cli/run.ts';
const JOINED = ['src/cluster/connect.ts', 'src/commands/runtimes/list/list.ts'];

/** Puts chunks that are loaded together into packs, so that a start compiles a few scripts rather than fifty. */
export function toPacks(chunks: readonly Chunk[]): readonly Pack[] {
  const byName = new Map(chunks.map((chunk) => [chunk.name, chunk]));
  const entries = chunks.filter(({ entryPoint }) => entryPoint !== undefined).toSorted(byTurn);
  const unknown = [...IN_ORDER, ...APART.flat()].find((path) => !entries.some(({ entryPoint }) => entryPoint === path));
  if (unknown !== undefined) throw new Error(`${unknown} is not loaded by itself any more: correct IN_ORDER and APART`);
  const taken = new Set<string>();
  const take = (name: string): Chunk[] => {
    const chunk = byName.get(name);
    if (chunk === undefined || taken.has(name)) return [];
    taken.add(name);
    return [chunk, ...chunk.needs.flatMap(take)];
  };
  const starts = APART.map((paths) => neededBy(paths, chunks));
  const usersOf = ({ name }: Chunk): string => starts.map((needed) => Number(needed.has(name))).join('');
  const small = smallOnes(chunks, usersOf);
  const takeSmall = (): readonly Chunk[] => small.filter(({ name }) => !taken.has(name) && taken.add(name));
  return entries
    .flatMap(({ name, entryPoint }) => {
      const [first = [], ...others] = Map.groupBy(take(name), usersOf).values();
      return [entryPoint === SMALL_WITH ? [...first, ...takeSmall()] : first, ...others].filter((group) => group.length > 0);
    })
    .map(toPack);
}

/** What `SMALL` says. */
function smallOnes(chunks: readonly Chunk[], usersOf: (chunk: Chunk) => string): readonly Chunk[] {
  const joined = JOINED.flatMap((path) => {
    const needed = neededBy([path], chunks);
    const users = chunks.filter(({ entryPoint }) => entryPoint === path).map(usersOf);
    return chunks.filter((chunk) => needed.has(chunk.name) && users.includes(usersOf(chunk)));
  });
  const ofList = neededBy(LIST, chunks);
  return chunks.filter((chunk) => chunk.code.length <= SMALL && ofList.has(chunk.name) && !joined.includes(chunk));
}

/** Names of the chunks of some modules, with all that they need. */
function neededBy(paths: readonly string[], chunks: readonly Chunk[]): ReadonlySet<string> {
  const needed = new Set<string>();
  const need = (chunk: Chunk | undefined): void => {
    if (chunk === undefined || needed.has(chunk.name)) return;
    needed.add(chunk.name);
    for (const name of chunk.needs) need(chunks.find((other) => other.name === name));
  };
  for (const chunk of chunks) if (paths.includes(chunk.entryPoint ?? '')) need(chunk);
  return needed;
}

/** Those of `IN_ORDER` first, the others by name. */
function byTurn({ entryPoint: a = '' }: Chunk, { entryPoint: b = '' }: Chunk): number {
  return turnOf(a) - turnOf(b) || (a < b ? -1 : 1);
}

function turnOf(entryPoint: string): number {
  const turn = IN_ORDER.indexOf(entryPoint);
  return turn === -1 ? IN_ORDER.length : turn;
}

function toPack(chunks: readonly Chunk[], index: number): Pack {
  // Between parentheses V8 compiles a function at once; else it would look at most of them twice.
  const functions = chunks.map(({ name, code }) => `${JSON.stringify(name)}:(function(module,exports,require){${code}\n})`);
  const code = `({${functions.join(',\n')}})`;
  if (/[^\x00-\x7f]/.test(code)) throw new Error(`${chunks[0]?.name}: the bundler was to escape what is not ASCII`);
  return { name: `pack-${index}.js`, modules: chunks.map(({ name }) => name), code };
}
