import type { Manifests } from '../../documents/manifests.ts';
import { unreadFileTexts } from '../../documents/unread-files.ts';
import { isObserved } from '../../domain/doctor/dump.ts';
import type { Unread } from '../../domain/doctor/facts.ts';
import type { KubeObject } from '../../domain/kubernetes/resource.ts';
import { escapeText } from '../../text/escape.ts';

const MOST_IGNORED = 3;
const MOST_KINDS = 5;

/** Files that could not be read: the others are looked at all the same. */
export function unreadFiles({ failures }: Manifests): readonly Unread[] {
  return unreadFileTexts(failures).map((reason) => ({ kind: 'File', reason, hides: 'what it holds' }));
}

/** Objects to be applied of kinds that no rule is about: nobody may take them for checked. */
export function otherKindsNote(others: readonly KubeObject[]): readonly string[] {
  if (others.length === 0) return [];
  const kinds = [...new Set(others.map(({ kind = '' }) => escapeText(kind)))].toSorted();
  const names = `${kinds.slice(0, MOST_KINDS).join(', ')}${kinds.length > MOST_KINDS ? ' and others' : ''}`;
  const what = others.length === 1 ? `1 object of another kind (${names}) was` : `${others.length} objects of other kinds (${names}) were`;
  return [`note: ${what} not checked`];
}

/** Of a dump, the files that are of another format. */
export function ignoredNote({ ignored, manifests }: Manifests): readonly string[] {
  if (ignored.length === 0 || !manifests.some(({ object }) => isObserved(object))) return [];
  const [names, more] = [ignored.slice(0, MOST_IGNORED).map(escapeText), ignored.length - MOST_IGNORED];
  return [
    `note: ${ignored.length === 1 ? 'a file that is' : `${ignored.length} files that are`} neither YAML nor JSON ${ignored.length === 1 ? 'was' : 'were'} not read: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  ];
}
