import { limitInFlight, REVIEWS_IN_FLIGHT } from '../../../async/in-flight.ts';
import type { Context } from '../../../command/context.ts';
import type { OptionValues } from '../../../command/option.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../../domain/kserve/kinds.ts';
import type { ApiResource, Discovery } from '../../../domain/kubernetes/resource.ts';
import type { Question } from '../../../domain/rbac/question.ts';
import { answerOf } from '../../../domain/rbac/verdict.ts';
import { ExitCode, KserveError, UsageError } from '../../../errors.ts';
import { reportText, toReportFormat } from '../../../output/report.ts';
import { renderTable } from '../../../output/table.ts';
import { impersonationWarning } from '../../../queries/asked-subject.ts';
import { askDiscovery } from '../../../queries/discovery.ts';
import { askIdentity } from '../../../queries/identity.ts';
import { absentAccountWarning } from '../../../queries/missing-objects.ts';
import { escapeText } from '../../../text/escape.ts';
import { warningLine } from '../../../text/warning.ts';
import { matrixRows } from '../check/matrix.ts';
import { askAll, askerOf } from '../question/ask.ts';
import { type Inquiry, placeOf } from '../question/inquiry.ts';
import { parseQuestion, type QuestionRequest } from '../question/request.ts';
import { accessView } from './columns.ts';
import type { FoundMatrix } from './found.ts';
import type { matrixOptions } from './matrix.command.ts';
import { matrixReport } from './report.ts';

/** A server with a hundred thousand kinds would be busy for hours. */
const MOST_QUESTIONS = 5000;

const NO_WORDS = { for: undefined, subresource: undefined, allowUnknown: false } as const;

export async function run(context: Context, options: OptionValues<typeof matrixOptions>, words: readonly string[]): Promise<ExitCode> {
  const request = parseQuestion('rbac matrix', { options: { ...NO_WORDS, ...options }, words, connection: context.connectionOptions });
  return printMatrix(context, request, { allKinds: options.allKinds, output: options.output });
}

/** Asks for all and prints it. */
export async function printMatrix(
  context: Context,
  request: QuestionRequest,
  { allKinds, output }: { readonly allKinds: boolean; readonly output: string | undefined },
): Promise<ExitCode> {
  const found = await findMatrix(context, request, allKinds);
  const { out, errOut } = context.streams;
  const code = exitCodeOf(found);
  for (const warning of found.warnings) errOut.write(warningLine(warning));
  const format = toReportFormat(output);
  if (format !== undefined) {
    out.write(await reportText(matrixReport(found, code), format));
    return code;
  }
  const rows = matrixRows(found.questions);
  for (const text of await renderTable(accessView(rows, output === 'wide'), rows, {
    headers: true,
    terminalWidth: out.columns,
    style: context.style,
  }))
    out.write(text);
  errOut.write(escapeText(methodText(found)).concat('\n'));
  return code;
}

async function findMatrix(context: Context, request: QuestionRequest, allKinds: boolean): Promise<FoundMatrix> {
  const connection = await context.connection();
  const { cluster } = connection;
  const place = placeOf(request, connection);
  const [identity, discovery, accountWarning] = await Promise.all([
    askIdentity(cluster),
    askDiscovery(cluster, allKinds),
    absentAccountWarning(cluster, request.subject),
  ]);
  const asked = questionsOf(kindsOf(discovery.discovery, allKinds), place.namespaces);
  if (asked.length > MOST_QUESTIONS)
    throw new UsageError(`these are ${asked.length} questions, and at most ${MOST_QUESTIONS} are asked at once: leave out --all-kinds`);
  const inquiry: Inquiry = {
    ...{ context, connection, request, identity, discovery, accountWarning },
    ...place,
    questions: asked,
    excess: undefined,
    leftOut: [],
    notes: [],
    ahead: new Map(),
    limit: limitInFlight(REVIEWS_IN_FLIGHT),
  };
  const questions = await askAll(asked, askerOf(inquiry));
  const warnings = [impersonationWarning(context.connectionOptions), identity.warning, discovery.warning, accountWarning];
  return { inquiry, questions, warnings: warnings.filter((warning) => warning !== undefined) };
}

/** Each kind once, in the version that the server prefers. */
function kindsOf(discovery: Discovery | undefined, allKinds: boolean): readonly ApiResource[] {
  if (discovery === undefined) {
    if (allKinds) throw new KserveError('which kinds there are could not be determined');
    return KSERVE_KINDS;
  }
  const groups = discovery.groups.filter(({ name }) => allKinds || name === KSERVE_GROUP);
  const kinds = groups.flatMap(({ versions }) => versions.flatMap(({ resources }) => resources)).filter(({ verbs }) => verbs.length > 0);
  if (kinds.length === 0)
    throw new KserveError('KServe is not installed in this cluster', { hint: 'With --all-kinds every kind of the cluster is shown.' });
  return [...new Map(kinds.toReversed().map((kind) => [`${kind.group}/${kind.plural}`, kind])).values()].toReversed();
}

function questionsOf(kinds: readonly ApiResource[], namespaces: readonly string[]): readonly Question[] {
  return kinds.flatMap(({ group, plural, kind, namespaced, verbs }) =>
    (namespaced ? namespaces : ['']).flatMap((namespace) =>
      verbs.map(
        (verb): Question => ({
          request: { verb, group, resource: plural, namespace },
          kind: { group, plural, kind, namespaced },
          installed: 'yes',
        }),
      ),
    ),
  );
}

function exitCodeOf({ questions }: FoundMatrix): ExitCode {
  const unknown = questions.filter(({ verdict }) => answerOf(verdict) === 'unknown').length;
  if (unknown === 0) return ExitCode.ok;
  return unknown === questions.length ? ExitCode.undetermined : ExitCode.partial;
}

function methodText({ questions }: FoundMatrix): string {
  const methods = [...new Set(questions.map(({ method }) => method ?? 'none'))];
  const isOwn = methods.includes('RBACObjects');
  const error = questions.find(({ verdict }) => verdict.state === 'unknown')?.verdict;
  return [
    `Asked by ${methods.join(', ')}${isOwn ? ': evaluated here from RBAC objects, other authorizers are not seen' : ''}`,
    ...(error === undefined ? [] : [`? is not known: ${error.error ?? error.evaluationError ?? 'no answer'}`]),
  ].join('; ');
}
