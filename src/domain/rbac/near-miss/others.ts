import type { Edit } from '../edit.ts';
import { resolveSubject, subjectKey } from '../subject.ts';
import type { Search } from './search.ts';

/** Groups that everybody, or nearly, is in: more than any list of names. */
const CROWDS = ['system:authenticated', 'system:unauthenticated', 'system:serviceaccounts'];
const CROWD = 1000;

/** How many subjects other than the account hold the roles that the edits change or make. */
export function othersBoundTo({ graph, asker }: Search, edits: readonly Edit[]): number {
  const roles = edits.map(({ object }) => object).filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
  const bindings = roles.flatMap(({ kind, metadata }) =>
    graph.bindingsTo({ kind: kind as 'Role' | 'ClusterRole', namespace: metadata.namespace ?? '', name: metadata.name }),
  );
  const subjects = bindings.flatMap(({ subjects, namespace }) => subjects.map((subject) => resolveSubject(subject, namespace)));
  const others = new Map(subjects.filter((subject) => subject !== undefined).map((subject) => [subjectKey(subject), subject]));
  others.delete(subjectKey(asker.subject));
  return [...others.values()].reduce((sum, { kind, name }) => sum + (kind === 'Group' && CROWDS.includes(name) ? CROWD : 1), 0);
}
