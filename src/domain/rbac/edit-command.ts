import { objectWords, shellCommand } from '../../text/shell.ts';
import type { Edit } from './edit.ts';
import { type CommandOptions, grantCommand } from './grant-command.ts';
import type { GrantObject } from './grant-object.ts';

const NOUNS = { Role: 'role', ClusterRole: 'clusterrole', RoleBinding: 'rolebinding', ClusterRoleBinding: 'clusterrolebinding' } as const;

/** The commands that make an edit, one a line but where only `kubectl apply` can say it. */
export function editCommands({ action, object, patch = [] }: Edit, options: CommandOptions = {}): readonly string[] {
  const { flags = [] } = options;
  const { name, namespace, labels } = object.metadata;
  const place = namespace === undefined ? [] : ['-n', namespace];
  const labelled = labels === undefined ? [] : [labelCommand(name, labels, flags)];
  if (action === 'create') return [grantCommand(object as unknown as GrantObject, options), ...labelled];
  const json = patch.filter(({ path }) => !path.startsWith('/metadata/labels'));
  const changed = [
    ...['kubectl', 'patch', ...objectWords(NOUNS[object.kind], name), ...place],
    '--type=json',
    `--patch=${JSON.stringify(json)}`,
    ...flags,
  ];
  return [...(json.length === 0 ? [] : [shellCommand(changed)]), ...labelled];
}

function labelCommand(name: string, labels: Readonly<Record<string, string>>, flags: readonly string[]): string {
  const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return shellCommand(['kubectl', 'label', ...objectWords('clusterrole', name), ...words, '--overwrite', ...flags]);
}
