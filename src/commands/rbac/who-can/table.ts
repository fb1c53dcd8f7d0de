import type { Holder } from '../../../domain/rbac/holders.ts';
import { type Column, renderTable, type TableOptions } from '../../../output/table.ts';

/** `serviceaccount/team-a/bot`, `group/ml`. */
export function nameLine({ subject }: Holder): string {
  const place = subject.kind === 'ServiceAccount' ? `${subject.namespace}/` : '';
  return `${subject.kind.toLowerCase()}/${place}${subject.name}`;
}

/** `cluster-wide`, or the namespaces of RoleBindings. */
export function scopesOf({ grants }: Holder): readonly string[] {
  const namespaces = [...new Set(grants.map(({ binding }) => binding.namespace))];
  return namespaces.includes('') ? [] : namespaces.toSorted();
}

function scopeCell(holder: Holder): string {
  const scopes = scopesOf(holder);
  return scopes.length === 0 ? 'cluster-wide' : scopes.join(',');
}

function firstGrant({ grants }: Holder): Holder['grants'][number] | undefined {
  return grants[0];
}

function joined(words: readonly string[]): string {
  return [...new Set(words)].join(',');
}

const COLUMNS: readonly Column<Holder>[] = [
  { header: 'KIND', cell: ({ subject }) => subject.kind },
  { header: 'NAME', cell: ({ subject }) => (subject.kind === 'ServiceAccount' ? `${subject.namespace}:${subject.name}` : subject.name) },
  { header: 'SCOPE', cell: scopeCell, wraps: true },
];

function bindingWord({ binding }: Holder['grants'][number]): string {
  return [binding.kind, binding.namespace, binding.name].filter((part) => part !== '').join('/');
}

function roleWord({ role, ruleIndex }: Holder['grants'][number]): string {
  return `${[role.kind, role.namespace, role.name].filter((part) => part !== '').join('/')}[${ruleIndex}]`;
}

/** One row a subject; with `wide` all bindings and the rules that cover it, else the first. */
export async function holdersTable(
  holders: readonly Holder[],
  wide: boolean,
  look: Omit<TableOptions, 'headers'>,
): Promise<Iterable<string>> {
  const shown = (holder: Holder): Holder['grants'] => (wide ? holder.grants : [firstGrant(holder)].filter((grant) => grant !== undefined));
  const columns: readonly Column<Holder>[] = [
    ...COLUMNS,
    { header: 'BINDING', cell: (holder) => joined(shown(holder).map(bindingWord)), wraps: true, breaks: 'names' },
    {
      header: wide ? 'RULE' : 'ROLE',
      cell: (holder) => joined(shown(holder).map((grant) => (wide ? roleWord(grant) : `${grant.role.kind}/${grant.role.name}`))),
      wraps: true,
      breaks: 'names',
    },
  ];
  return renderTable({ columns }, holders, { headers: true, ...look });
}
