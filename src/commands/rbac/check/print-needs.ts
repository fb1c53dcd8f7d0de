import type { Context } from '../../../command/context.ts';
import type { RequiredAccess } from '../../../domain/kserve/required-access.ts';
import { resourceName } from '../../../domain/kubernetes/resource.ts';
import { ExitCode } from '../../../errors.ts';
import { REPORT_VERSION, reportText } from '../../../output/report.ts';
import { type Column, renderTable } from '../../../output/table.ts';
import type { CheckRequest } from './request.ts';

function resourceCell({ group, resource, subresource }: RequiredAccess): string {
  const qualified = group === '' ? resource : `${resource}.${group}`;
  return subresource === undefined ? qualified : `${qualified}/${subresource}`;
}

function scopeCell({ scope, namespace }: RequiredAccess, isEverywhere: boolean): string {
  if (scope === 'cluster') return 'cluster';
  return namespace ?? (isEverywhere ? '<all>' : 'namespace');
}

function needCell({ optional, ifServed, group, resource }: RequiredAccess): string {
  if (optional) return 'optional';
  if (ifServed === undefined) return 'required';
  return ifServed === resourceName({ plural: resource, group }) ? 'where served' : `where ${ifServed} is served`;
}

function isConditional({ optional, ifServed }: RequiredAccess): boolean {
  return optional !== undefined || ifServed !== undefined;
}

function columns(needs: readonly RequiredAccess[], isEverywhere: boolean): readonly Column<RequiredAccess>[] {
  const hasNames = needs.some(({ name }) => name !== undefined);
  return [
    { header: 'RESOURCE', cell: resourceCell },
    ...(hasNames ? [{ header: 'NAME', cell: ({ name }: RequiredAccess) => name ?? '<any>' }] : []),
    { header: 'SCOPE', cell: (need) => scopeCell(need, isEverywhere) },
    ...(needs.some(isConditional) ? [{ header: 'NEED', cell: needCell }] : []),
    { header: 'VERBS', cell: ({ verbs }) => verbs.join(','), wraps: true },
    { header: 'REASON', cell: ({ reason }) => reason, wraps: true },
  ];
}

function needsReport(task: string | undefined, needs: readonly RequiredAccess[]): object {
  return { apiVersion: REPORT_VERSION, kind: 'RequiredAccessReport', ...(task !== undefined && { task }), needs };
}

/** Shows what a task needs, with the reason for each right; asks nobody. */
export async function printNeeds(context: Context, { asked, namespaces, format, quiet }: CheckRequest): Promise<ExitCode> {
  if (asked.kind !== 'needs' || quiet) return ExitCode.ok;
  const { out } = context.streams;
  const report = needsReport(asked.task, asked.needs);
  if (format === 'json' || format === 'yaml') out.write(await reportText(report, format));
  else {
    const isEverywhere = namespaces?.includes('') === true;
    const view = { columns: columns(asked.needs, isEverywhere) };
    for (const text of await renderTable(view, asked.needs, { headers: true, terminalWidth: out.columns })) out.write(text);
  }
  return ExitCode.ok;
}
