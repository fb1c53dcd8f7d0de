import type { Installation } from '../../domain/doctor/installation/installation.ts';
import type { Report, ServiceReport } from '../../domain/doctor/report.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Column, Table } from '../../output/table.ts';
import { capital } from './finding-text.ts';

/** KServe itself or a service, with its worst finding if it has any. */
interface OverviewRow {
  readonly namespace: string;
  readonly name: string;
  readonly state: string;
  readonly finding: Finding | undefined;
  readonly others: number;
}

/** KServe itself, then a line each service: for where the whole report would be too long. */
export function overviewTable({ installation, services }: Report): Table<OverviewRow> {
  const ofKserve = installation === undefined ? [] : rowsOfKserve(installation);
  return { rows: [...ofKserve, ...services.map(toRow)], viewOf: () => ({ columns: COLUMNS }) };
}

function rowsOfKserve({ version, namespace = '<none>', findings }: Installation): readonly OverviewRow[] {
  const found = findings.length === 0 ? [undefined] : findings;
  return found.map((finding) => ({ namespace, name: 'KServe', state: version ?? 'unknown', finding, others: 0 }));
}

function toRow({ kind, namespace, name, ready, stopped, findings }: ServiceReport): OverviewRow {
  const [finding, ...others] = findings;
  return {
    namespace,
    name: `${kind === 'InferenceService' ? 'isvc' : 'llmisvc'}/${name}`,
    state: stopped ? 'stopped' : STATES[ready],
    finding,
    others: others.length,
  };
}

const STATES = { True: 'ready', False: 'not ready', Unknown: 'unknown' } as const;

const TONES = { error: 'bad', warning: 'doubtful', info: undefined } as const;

const COLUMNS: readonly Column<OverviewRow>[] = [
  { header: 'NAMESPACE', cell: ({ namespace }) => namespace },
  { header: 'NAME', cell: ({ name }) => name },
  { header: 'STATE', cell: ({ state }) => state },
  {
    header: 'SEVERITY',
    cell: ({ finding }) => finding?.severity ?? '<none>',
    tone: ({ finding }) => finding && TONES[finding.severity],
  },
  { header: 'FINDING', cell: ({ finding, others }) => (finding === undefined ? '<none>' : `${finding.code}${moreText(others)}`) },
  { header: 'MESSAGE', cell: ({ finding }) => (finding === undefined ? '<none>' : capital(finding.message)), wraps: true, spare: 'last' },
];

function moreText(others: number): string {
  return others === 0 ? '' : `,+${others}`;
}
