import { connectionFlags } from '../../command/connection-flags.ts';
import type { Context } from '../../command/context.ts';
import type { Unread } from '../../domain/doctor/facts.ts';
import { escapeText } from '../../text/escape.ts';
import { shellCommand } from '../../text/shell.ts';

/** Who asks, and where: for commands to paste. */
export type HintContext = Pick<Context, 'programName' | 'connectionOptions'>;

/** What was not read, and where a refusal is the reason what would grant it. */
export function unreadText(unread: readonly Unread[], context: HintContext): readonly string[] {
  const groups = Map.groupBy(unread, ({ kind, hides, reason }) => `${kind} ${hides} ${reason.replace(/ in the namespace "[^"]*"/, '')}`);
  const notes = [...groups.values()].map(unreadNote);
  return [...notes, ...refusalHint(unread, context)];
}

/** The same in one line, where there are more such answers. A file is named all the same: somebody gave it. */
export function unreadSummary(unread: readonly Unread[], context: HintContext): readonly string[] {
  const kinds = new Set(unread.filter((one) => !isFile(one)).map(({ kind }) => kind));
  if (kinds.size < 2) return unreadText(unread, context);
  const note = `note: ${kinds.size} kinds could not be read: -o wide says which, why, and what is not known for it`;
  return [...unreadText(unread.filter(isFile), context), note, ...refusalHint(unread, context)];
}

function refusalHint(unread: readonly Unread[], context: HintContext): readonly string[] {
  const refused = unread.find(({ reason }) => reason.startsWith('forbidden: '));
  if (refused === undefined) return [];
  return [`hint: ${rightsHint(refused.namespace === undefined ? [] : ['-n', refused.namespace], context)}`];
}

/** What to run to learn which rights are missing: about the same account of the same cluster. */
export function rightsHint(place: readonly string[], { programName, connectionOptions }: HintContext): string {
  const words = ['rbac', 'check', '--for', 'debug', ...place, ...connectionFlags(connectionOptions)];
  return `To see what is missing and what grants it: ${programName} ${shellCommand(words)}`;
}

/** The same kind in several namespaces, for the same reason, is one note. */
function unreadNote(same: readonly Unread[]): string {
  return `${same.some(isFile) ? 'error' : 'note'}: ${unreadSentence(same)}`;
}

function isFile({ kind }: Unread): boolean {
  return kind === 'File';
}

export function unreadSentence(same: readonly Unread[]): string {
  const [{ kind, reason, hides } = { kind: '', reason: '', hides: '' }] = same;
  // The reason names the file and the place in it.
  if (same.some(isFile)) return escapeText(reason);
  const namespaces = [...new Set(same.flatMap(({ namespace }) => namespace ?? []))];
  const place = namespaces.length === 0 ? '' : ` of namespace${namespaces.length > 1 ? 's' : ''} ${escapeText(namespaces.join(', '))}`;
  return `${kind}s${place} could not be read (${escapeText(reason)}): it is not known ${hides}`;
}
