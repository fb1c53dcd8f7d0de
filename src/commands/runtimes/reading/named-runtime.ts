import { KSERVE_GROUP } from '../../../domain/kserve/kinds.ts';
import type { RuntimeScope } from '../../../domain/kserve/serving-runtime.ts';
import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { UsageError } from '../../../errors.ts';
import { escapeText } from '../../../text/escape.ts';
import { lookUp } from '../../../text/look-up.ts';

/** A runtime that is named on the command line; without a scope it is looked for in both. */
export interface NamedRuntime {
  readonly scopes: readonly RuntimeScope[];
  readonly name: string;
}

const KINDS: Readonly<Record<string, RuntimeScope>> = {
  sr: 'namespace',
  csr: 'cluster',
  servingruntime: 'namespace',
  servingruntimes: 'namespace',
  clusterservingruntime: 'cluster',
  clusterservingruntimes: 'cluster',
};

/** `NAME`, `servingruntime/NAME`, `clusterservingruntimes.serving.kserve.io/NAME`. @throws UsageError */
export function parseRuntime(word: string): NamedRuntime {
  const [kind = '', ...rest] = word.split('/');
  if (rest.length === 0) return { scopes: ['namespace', 'cluster'], name: checkName(kind, word) };
  const scope = lookUp(KINDS, kind.toLowerCase().replace(/(?:\.v\w+)?\.serving\.kserve\.io$/, ''));
  if (scope === undefined) {
    throw new UsageError(`${JSON.stringify(word)} is not a runtime: write NAME, servingruntime/NAME or clusterservingruntime/NAME`);
  }
  return { scopes: [scope], name: checkName(rest.join('/'), word) };
}

/** What the server says of an object that does not exist, in the words of kubectl, and the name that was probably meant; escaped. */
export function notFoundText({ scopes, name }: NamedRuntime, near?: string): string {
  const [only] = scopes;
  const plural = only === 'cluster' ? 'clusterservingruntimes' : 'servingruntimes';
  const what = scopes.length === 1 ? resourceName({ plural, group: KSERVE_GROUP }) : 'runtimes';
  const hint = near === undefined ? '' : `\nhint: Did you mean ${escapeText(near)}?`;
  return `Error from server (NotFound): ${what} "${escapeText(name)}" not found${hint}`;
}

function checkName(name: string, word: string): string {
  if (/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(name)) return name;
  throw new UsageError(`${JSON.stringify(word)} cannot be the name of a runtime`);
}
