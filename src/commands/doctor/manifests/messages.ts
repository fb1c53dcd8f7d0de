import type { ManifestReport, Report } from '../../../domain/doctor/report.ts';
import { escapeText } from '../../../text/escape.ts';
import { cut, findingText, type TextOptions } from '../finding-text.ts';

/** What is wrong with files, each with its place, as compilers write it, and who looked at them. */
export function manifestText({ findings, manifests }: Report, options: TextOptions): readonly string[] {
  const own = findings.filter(({ source }) => source !== undefined);
  const texts = own.flatMap((finding) => {
    const { file = '', line = 0, column = 0 } = finding.source ?? {};
    return [
      `${escapeText(file)}:${line}:${column}: ${cut(escapeText(finding.object.kind))} ${cut(escapeText(finding.object.name))}`,
      ...findingText(finding, options),
      '',
    ];
  });
  return [...texts, summary(manifests, own.length === 0)];
}

function summary(manifests: readonly ManifestReport[], isClean: boolean): string {
  const nothing = isClean ? ': nothing found' : '';
  const byServer = manifests.filter(({ dryRun }) => dryRun !== 'untried').length;
  const tried = byServer === manifests.length ? 'tried by the API server in a dry run' : triedText(byServer, manifests);
  return `${count(manifests.length)} to be applied${nothing} (${tried})`;
}

function count(objects: number): string {
  return `${objects} object${objects === 1 ? '' : 's'}`;
}

function triedText(byServer: number, manifests: readonly ManifestReport[]): string {
  const untried = manifests.filter(({ dryRun }) => dryRun === 'untried');
  const reasons = [...new Set(untried.map(({ why = '' }) => why))];
  const [schema] = untried.flatMap((one) => one.schema ?? []);
  const by = schema === undefined ? 'without a schema' : `by the schema of ${schema === 'cluster' ? 'the cluster' : schema}`;
  const [first = '', ...more] = reasons;
  const why =
    first === 'offline' ? '' : `, not tried by the API server: ${escapeText(first)}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
  const rest = `${byServer > 0 ? `${untried.length} ` : ''}checked ${by}${why}`;
  return byServer > 0 ? `${byServer} tried by the API server in a dry run; ${rest}` : rest;
}
