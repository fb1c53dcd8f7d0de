import { bySeverity } from '../../domain/doctor/diagnose.ts';
import type { Installation } from '../../domain/doctor/installation/installation.ts';
import type { Report, ServiceReport } from '../../domain/doctor/report.ts';
import type { Finding } from '../../domain/finding.ts';
import { type Column, spareIfSame, type Table, type View } from '../../output/table.ts';
import { failingFirst } from './failing-first.ts';
import { capital } from './finding-text.ts';

/** KServe itself or a service, with its worst finding if it has any. */
interface OverviewRow {
  readonly isService: boolean;
  readonly namespace: string;
  readonly name: string;
  readonly state: string;
  readonly finding: Finding | undefined;
  readonly others: number;
}

/** One line for KServe itself, then one per service, failing ones first: for where the whole report would be too long. */
export function overviewTable({ installation, services }: Report): Table<OverviewRow> {
  const ofKserve = installation === undefined ? [] : [rowOfKserve(installation)];
  const rows = [...ofKserve, ...failingFirst(services).map(toRow)];
  const hasFinding = rows.some(({ finding }) => finding !== undefined);
  return { rows, viewOf, wideShows: hasFinding ? 'every finding with its evidence and fix' : undefined };
}

function viewOf(rows: readonly OverviewRow[]): View<OverviewRow> {
  const ofServices = rows.filter(({ isService }) => isService);
  return { columns: [spareIfSame(NAMESPACE, ofServices), ...COLUMNS] };
}

/** Its state is its version. */
function rowOfKserve({ version, namespace = '<none>', findings }: Installation): OverviewRow {
  const [finding, ...others] = bySeverity(findings);
  return { isService: false, namespace, name: 'KServe', state: version ?? 'unknown', finding, others: others.length };
}

function toRow({ kind, namespace, name, ready, stopped, findings }: ServiceReport): OverviewRow {
  const [finding, ...others] = findings;
  return {
    isService: true,
    namespace,
    name: `${kind === 'InferenceService' ? 'isvc' : 'llmisvc'}/${name}`,
    state: stopped ? 'stopped' : STATES[ready],
    finding,
    others: others.length,
  };
}

const STATES = { True: 'ready', False: 'not ready', Unknown: 'unknown' } as const;

const TONES = { error: 'bad', warning: 'doubtful', info: undefined } as const;

const NAMESPACE: Column<OverviewRow> = { header: 'NAMESPACE', cell: ({ namespace }) => namespace };

const COLUMNS: readonly Column<OverviewRow>[] = [
  { header: 'NAME', cell: ({ name }) => name },
  { header: 'STATE', cell: ({ state }) => state, spare: 'last' },
  {
    header: 'SEVERITY',
    cell: ({ finding }) => finding?.severity ?? '<none>',
    tone: ({ finding }) => finding && TONES[finding.severity],
  },
  {
    header: 'FINDING',
    cell: ({ finding, others }) => (finding === undefined ? '<none>' : `${finding.code}${moreText(others)}`),
    spare: 'last',
  },
  { header: 'MESSAGE', cell: ({ finding }) => (finding === undefined ? '<none>' : capital(finding.message)), wraps: true },
];

function moreText(others: number): string {
  return others === 0 ? '' : `,+${others}`;
}
