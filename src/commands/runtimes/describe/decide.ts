import { worstOf } from '../../../command/worst-of.ts';
import { runtimeFindings } from '../../../domain/kserve/runtime-findings.ts';
import { type RuntimeScope, type ServingRuntime, toServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import type { KubeObject } from '../../../domain/kubernetes/resource.ts';
import { ClusterError, ExitCode } from '../../../errors.ts';
import { isRefusal } from '../../../queries/runtimes.ts';
import { didYouMean } from '../../../text/did-you-mean.ts';
import type { NamedRuntime } from '../reading/named-runtime.ts';
import { type Answers, CLUSTER_EVENTS, gotKey } from './ask.ts';
import { type Description, describe, eventsOf, usersOf } from './description.ts';

/** Something that could not be read. */
export interface Unread {
  readonly resource: string;
  /** Absent: the whole cluster was asked. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** What is not known for it, as a clause. */
  readonly hides: string;
  readonly error: ClusterError;
  readonly hint?: string | undefined;
}

/** A name that no runtime has. */
export interface Missing {
  readonly named: NamedRuntime;
  /** It is in the scope that was not asked about. */
  readonly otherScope?: RuntimeScope | undefined;
  readonly near?: string | undefined;
}

export interface Outcome {
  readonly runtimes: readonly Description[];
  readonly missing: readonly Missing[];
  readonly unread: readonly Unread[];
  /** Names that may or may not be there. */
  readonly unreadNames: readonly NamedRuntime[];
  readonly exitCode: ExitCode;
}

/** A runtime that was read: parsed, and as it came. */
interface Known {
  readonly runtime: ServingRuntime;
  readonly object: KubeObject;
}

const GROUP = 'serving.kserve.io';
const PLURALS: Readonly<Record<RuntimeScope, string>> = {
  namespace: `servingruntimes.${GROUP}`,
  cluster: `clusterservingruntimes.${GROUP}`,
};

/** What to show, and what to say about the rest. Pure. */
export function decide(names: readonly NamedRuntime[], answers: Answers): Outcome {
  const known = knownRuntimes(answers);
  const others = known.map(({ runtime }) => runtime);
  const found = names.map((named) => ({
    named,
    shown: known.filter(({ runtime }) => named.scopes.includes(runtime.scope) && runtime.name === named.name),
    failed: named.scopes.flatMap((scope) => failureOf(scope, named.name, answers)),
  }));
  const shown = [...new Set(found.flatMap((one) => one.shown))];
  const absent = found.filter((one) => one.shown.length === 0);
  const unreadNames = absent.filter(({ failed }) => failed.length > 0).map(({ named }) => named);
  const missing = absent.filter(({ failed }) => failed.length === 0).map(({ named }) => toMissing(named, others));
  const unread = [
    ...found.flatMap(({ failed }) => failed),
    ...(shown.length > 0
      ? [
          ...unreadLists(
            answers,
            found.flatMap(({ failed }) => failed),
          ),
          ...unreadUses(shown, answers),
        ]
      : []),
  ].filter(isFirst);
  return {
    runtimes: shown.map((one) => toDescription(one, others, answers)),
    missing,
    unread,
    unreadNames,
    exitCode: worstOf([
      ...(unreadNames.length > 0 ? [ExitCode.undetermined] : []),
      ...(missing.length > 0 ? [ExitCode.no] : []),
      ...(unread.length > 0 ? [ExitCode.partial] : []),
    ]),
  };
}

function knownRuntimes({ reading, got }: Answers): readonly Known[] {
  const listed = reading.listed.flatMap(({ scope, result }) =>
    result.items.map((object) => ({ runtime: toServingRuntime(object, scope), object })),
  );
  const isListed = (scope: RuntimeScope, name: string | undefined) =>
    listed.some(({ runtime }) => runtime.scope === scope && runtime.name === name);
  const single = [...got].flatMap(([key, object]): Known[] => {
    const scope = key.startsWith('cluster/') ? 'cluster' : 'namespace';
    if (object instanceof ClusterError || isListed(scope, object.metadata.name)) return [];
    return [{ runtime: toServingRuntime(object, scope), object }];
  });
  return [...listed, ...single];
}

/** Why it is not known whether there is a runtime of a name; nothing if it is known. */
function failureOf(scope: RuntimeScope, name: string, { reading, got, namespace }: Answers): readonly Unread[] {
  const isWhole = reading.listed.some((answer) => answer.scope === scope && answer.result.failure === undefined);
  const error = got.get(gotKey(scope, name));
  if (isWhole || !(error instanceof ClusterError) || reading.absent.some((answer) => answer.scope === scope)) return [];
  if (error.reason === 'NotFound' && error.fromStatus) return [];
  const hint = reading.failures.find(({ answer }) => answer.scope === scope)?.hint;
  const place = scope === 'cluster' ? {} : { namespace };
  return [
    {
      resource: PLURALS[scope],
      ...place,
      name,
      hides: `whether there is one named ${name}`,
      error,
      hint: isRefusal(error) ? hint : error.hint,
    },
  ];
}

/** Lists of which the failure is not said already. */
function unreadLists({ reading }: Answers, said: readonly Unread[]): readonly Unread[] {
  return reading.failures
    .filter(({ answer }) => !said.some(({ resource }) => resource === PLURALS[answer.scope]))
    .map(({ answer, error, hint }) => ({
      resource: PLURALS[answer.scope],
      namespace: answer.namespace,
      hides: 'findings that compare it with others of that kind',
      error,
      hint,
    }));
}

/** Who uses it, and its events. */
function unreadUses(shown: readonly Known[], answers: Answers): readonly Unread[] {
  const scopes = new Set(shown.map(({ runtime }) => runtime.scope));
  return [
    ...[...scopes].flatMap((scope) => unreadUsers(scope, answers)),
    ...shown.flatMap(({ runtime }) => unreadEvents(runtime, answers)),
  ];
}

function unreadUsers(scope: RuntimeScope, { services, namespace }: Answers): readonly Unread[] {
  const { failure: error } = services[scope];
  if (error === undefined) return [];
  const isSomeRead = scope === 'cluster' && services.namespace.failure === undefined;
  const hides = isSomeRead ? `who uses it outside ${namespace}` : 'who uses it';
  return [{ resource: `inferenceservices.${GROUP}`, namespace: scope === 'cluster' ? undefined : namespace, hides, error }];
}

function unreadEvents({ scope, name }: ServingRuntime, { events, namespace }: Answers): readonly Unread[] {
  const listed = events.get(gotKey(scope, name));
  const error = listed instanceof ClusterError ? listed : listed?.failure;
  if (error === undefined) return [];
  return [{ resource: 'events', namespace: scope === 'cluster' ? CLUSTER_EVENTS : namespace, hides: 'its events', error }];
}

function isFirst(unread: Unread, index: number, all: readonly Unread[]): boolean {
  return all.findIndex((other) => other.error.message === unread.error.message) === index;
}

function toMissing(named: NamedRuntime, others: readonly ServingRuntime[]): Missing {
  const same = others.find(({ name }) => name === named.name);
  return { named, otherScope: same?.scope, near: didYouMean(named.name, [...new Set(others.map(({ name }) => name))].sort()) };
}

function toDescription({ runtime, object }: Known, others: readonly ServingRuntime[], { services, events }: Answers): Description {
  // Those of one namespace are better than none.
  const used = [services[runtime.scope], services.namespace].find(({ failure }) => failure === undefined);
  const seen = events.get(gotKey(runtime.scope, runtime.name));
  return {
    ...describe(object, runtime),
    usedBy: used && usersOf(runtime, used.items),
    events: seen === undefined || seen instanceof ClusterError ? undefined : eventsOf(runtime, seen.items),
    findings: runtimeFindings(runtime, others),
  };
}
