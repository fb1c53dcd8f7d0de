/** A command line of kubectl and the same of ours, behind `-n NAMESPACE`. */
export interface Line {
  readonly kubectl: string;
  readonly ours: string;
  /** Of ours where kubectl's is 1: with 2 nothing is on stdout, while kubectl may have begun. */
  readonly code?: number;
  /** stderr is in kubectl's words, before any line that says what to do. */
  readonly says?: true;
  /** We say on stderr why nothing is shown, whatever the format. */
  readonly isEmpty?: true;
}

const SR = 'servingruntimes.serving.kserve.io';
const CSR = 'clusterservingruntimes.serving.kserve.io';
const BOTH = `${SR},${CSR}`;

function both(words: string, rest: Omit<Line, 'kubectl' | 'ours'> = {}): Line {
  return { kubectl: `get ${BOTH} ${words}`, ours: words, ...rest };
}

function cluster(words: string, rest: Omit<Line, 'kubectl' | 'ours'> = {}): Line {
  return { kubectl: `get ${CSR} ${words}`, ours: `--scope=cluster ${words}`, ...rest };
}

function namespaced(words: string, rest: Omit<Line, 'kubectl' | 'ours'> = {}): Line {
  return { kubectl: `get ${SR} ${words}`, ours: `--scope=namespace ${words}`, ...rest };
}

/** Names by kind: the words are the same. */
function typed(words: string, rest: Omit<Line, 'kubectl' | 'ours'> = {}): Line {
  return { kubectl: `get ${words}`, ours: words, ...rest };
}

const COLUMNS = [
  'NAME:.metadata.name',
  'NAME:metadata.name,KIND:{.kind},X:{.nothing}',
  'A:.metadata.annotations,B:.metadata.name',
  'NOTE:.metadata.annotations.note,LINES:.metadata.annotations.lines,NAME:.metadata.name',
  'TABS:.metadata.annotations.tabs,NAME:.metadata.name,CONTROL:.metadata.annotations.control',
  'FORMATS:.spec.supportedModelFormats[*].name,P:.spec.supportedModelFormats[0].priority,AUTO:.spec.supportedModelFormats[*].autoSelect',
  'FIRST:.spec.supportedModelFormats[0],RES:.spec.containers[0].resources',
  ':.metadata.name,:.kind',
  'Mixed:.spec.protocolVersions,GEN:.metadata.generation,LABELS:.metadata.labels',
  'F:.spec.supportedModelFormats[?(@.autoSelect==true)].name',
  'A:,B:.kind',
  "DOT:.metadata.annotations.a\\.b,KEY:.metadata['name']",
];

const SORTS = [
  '.metadata.name',
  '{.metadata.name}',
  'metadata.name',
  '{metadata.name}',
  '.kind',
  '.metadata.generation',
  '.metadata.annotations.number',
  '.spec.containers[0].resources.limits.memory',
  '.spec.supportedModelFormats[0].priority',
  '.spec.supportedModelFormats[0].name',
  '.metadata.labels.team',
];

/** Command lines that mean the same for both programs. */
export const LINES: readonly Line[] = [
  ...COLUMNS.map((columns) => both(`-o custom-columns=${columns}`)),
  both('-o custom-columns=NAME:.metadata.name,KIND:.kind --no-headers'),
  both('-A -o custom-columns=NS:.metadata.namespace,NAME:.metadata.name'),
  cluster('-o custom-columns=NAME:.metadata.name'),
  namespaced('-l team=nobody -o custom-columns=NAME:.metadata.name,KIND:.kind', { isEmpty: true }),
  namespaced('-l team=nobody -o custom-columns=NAME:.metadata.name --no-headers', { isEmpty: true }),
  ...SORTS.map((path) => both(`--sort-by=${path} -o name`)),
  both('--sort-by={.metadata.name} -o json'),
  both('--sort-by=.kind -o jsonpath={.items[*].metadata.name}'),
  cluster('--sort-by=.metadata.name -o custom-columns=N:.metadata.name'),
  both('--sort-by=.metadata.bogus -o name', { code: 2, says: true }),
  both('--field-selector=metadata.name=sklearn-server -o name'),
  both('--field-selector metadata.name!=sklearn-server -o jsonpath={.items[*].metadata.name}'),
  both('--field-selector=metadata.namespace!=x -o name', { code: 4 }),
  both('--field-selector=spec.x=1 -o name', { code: 2 }),
  both('-l team -o jsonpath={.items[*].metadata.name}'),
  both('-o jsonpath-as-json={.items[*].metadata.labels}'),
  both('-A -o jsonpath={.items[*].metadata.name}'),
  cluster('-o jsonpath={.kind}'),
  cluster('--chunk-size=2 -o jsonpath={.items[*].metadata.name}'),
  both('sklearn-server -o jsonpath={.items[*].metadata.name} --ignore-not-found'),
  both('sklearn-server nothing -o name --ignore-not-found'),
  both('nothing -o json --ignore-not-found'),
  cluster('sklearn-server -o json'),
  cluster('tabular-server -o yaml'),
  cluster('sklearn-server -o name'),
  cluster('sklearn-server -o jsonpath={.metadata.name}'),
  cluster('sklearn-server -o custom-columns=N:.metadata.name'),
  cluster('sklearn-server --sort-by=.bogus -o name'),
  cluster('triton-server sklearn-server -o json'),
  cluster('triton-server nothing -o jsonpath={.items[*].metadata.name}', { code: 1, says: true }),
  cluster('nothing -o json', { code: 1, says: true }),
  cluster('nothing', { code: 1, says: true }),
  cluster('nothing --ignore-not-found'),
  typed(`${CSR}/sklearn-server -o jsonpath={.kind}`),
  typed('clusterservingruntime/triton-server clusterservingruntime/sklearn-server -o name'),
  typed('clusterservingruntimes/triton-server servingruntime/my-sklearn -o jsonpath={.items[*].kind}'),
  typed('servingruntime/nothing', { code: 1, says: true }),
  cluster('sklearn-server -l a=b', { code: 2, says: true }),
  cluster('sklearn-server --field-selector=metadata.name=a', { code: 2, says: true }),
  namespaced('my-sklearn -A', { code: 2, says: true }),
  both('-o jsonpath=', { code: 2, says: true }),
  both('-o jsonpath', { code: 2, says: true }),
  both('-o custom-columns=', { code: 2, says: true }),
  both('-o custom-columns=NAME', { code: 2, says: true }),
  both('-o custom-columns=NAME:.a[', { code: 2, says: true }),
  both('-o custom-columns=NAME:{.a}{.b}', { code: 2, says: true }),
  both('-o jsonpath-file=/no/such/file', { code: 2 }),
  both('-o json --show-labels', { code: 2, says: true }),
  both('-o jsonpath={.kind} --show-labels', { code: 2, says: true }),
  both('-L team -o custom-columns=A:.kind', { code: 2, says: true }),
  both('-o jsonpath={.items[0].metadata.nothing} --allow-missing-template-keys=false', { code: 2 }),
];
