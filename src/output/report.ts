/** `apiVersion` of every report of our own; what it promises: docs/output.md. */
export const REPORT_VERSION = 'kubectl-kserve/v1alpha1';

export type ReportFormat = 'json' | 'yaml';

/** The format of a value of `-o` that the command line allowed; undefined if people are to read it. */
export function toReportFormat(value: string | undefined): ReportFormat | undefined {
  return value === 'json' || value === 'yaml' ? value : undefined;
}

/** A report as text. Loads what its format needs and nothing else. */
export async function reportText(report: object, format: ReportFormat): Promise<string> {
  if (format === 'yaml') return (await import('./yaml.ts')).yamlText(report);
  const { jsonText } = await import('./json.ts');
  return `${jsonText(report)}\n`;
}
