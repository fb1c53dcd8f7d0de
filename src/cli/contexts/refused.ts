import { statSync } from 'node:fs';
import type { AnyCommand } from '../../command/command.ts';
import { UsageError } from '../../errors.ts';
import { lookUp } from '../../text/look-up.ts';
import { camelCase } from '../parse/camel-case.ts';
import type { Values } from '../parse/values.ts';
import type { Run } from '../run.ts';

/** Which cluster, and as whom: each context says so for itself, and what proves who one is goes to no cluster that it is not for. */
const OF_CONTEXT: readonly string[] = [
  ...['context', 'cluster', 'user', 'server', 'token', 'username', 'password'],
  ...['certificate-authority', 'client-certificate', 'client-key', 'tls-server-name'],
];

/** Reports of one run in one cluster: their readers know no contexts. */
const FORMATS: readonly string[] = ['github', 'junit', 'mermaid', 'sarif'];

const MODES: readonly string[] = ['contexts', 'all-contexts'];

/** Flags that would be refused beside the given ones. */
export function refusedBeside(given: ReadonlySet<string>, { notInContexts = [] }: Pick<AnyCommand, 'notInContexts'>): readonly string[] {
  const ofOne = [...OF_CONTEXT, ...notInContexts];
  if (MODES.some((name) => given.has(name))) return [...ofOne, ...MODES.filter((name) => !given.has(name))];
  return ofOne.some((name) => given.has(name)) ? MODES : [];
}

/** Formats of `-o` that several contexts have. */
export function isFormatOfContexts(format: string): boolean {
  return !FORMATS.includes(format);
}

/** Refuses what makes no sense in several contexts. @throws UsageError */
export function checkCombination({ command, values }: Run): void {
  const flag = values.allContexts === true ? '--all-contexts' : '--contexts';
  if (values.allContexts === true && isGiven(values.contexts)) {
    throw new UsageError('--contexts and --all-contexts cannot be used together');
  }
  const ofContext = OF_CONTEXT.find((name) => isGiven(lookUp(values, camelCase(name))));
  if (ofContext !== undefined) {
    throw new UsageError(`--${ofContext} cannot be used with ${flag}: each context has its own cluster and user`);
  }
  const refused = command.notInContexts?.find((name) => isGiven(lookUp(values, camelCase(name))));
  if (refused !== undefined) throw new UsageError(`--${refused} cannot be used with ${flag}`);
  if (!isFormatOfContexts(String(values.output))) throw new UsageError(`-o ${values.output} cannot be used with ${flag}`);
  checkFiles(values, flag);
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

/** A pipe is empty for whoever reads it second, and no manifest would pass for no fault. Stdin is read once for all. @throws UsageError */
function checkFiles({ filename }: Values, flag: string): void {
  const pipe = Array.isArray(filename) ? filename.find(isPipe) : undefined;
  if (pipe !== undefined)
    throw new UsageError(`${pipe} is a pipe, which cannot be read once per context: with ${flag} use a file, or -f -`);
}

function isPipe(file: string): boolean {
  return file !== '-' && statSync(file, { throwIfNoEntry: false })?.isFIFO() === true;
}
