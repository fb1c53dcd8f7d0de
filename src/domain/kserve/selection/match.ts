import { didYouMean } from '../../../text/did-you-mean.ts';
import type { ModelRequest } from '../model.ts';
import { type DecidedBy, decidedBy, type Selection, type SelectionFailure } from '../runtime-selection.ts';
import type { RuntimeScope, ServingRuntime } from '../serving-runtime.ts';
import { type Asked, type Fix, findFix, isHidden, type NameFix, nameFixes } from './fix.ts';
import { distance, type Reason, rejectionReasons } from './reasons.ts';
import type { Selector } from './selector.ts';
import { candidateWarnings, chosenWarnings, malformedWarnings, type SelectionWarning } from './warnings.ts';

/** What is known of the runtimes of one scope. */
export interface ScopeKnowledge {
  /** All of them were read, or there is no such kind. */
  readonly isWhole: boolean;
  /** Names that were asked for one by one, whether there is one or not. */
  readonly askedNames: ReadonlySet<string>;
}

export type Knowledge = Readonly<Record<RuntimeScope, ScopeKnowledge>>;

/** A runtime that could have been meant, and all that speaks against it. */
export interface JudgedRuntime {
  readonly runtime: ServingRuntime;
  readonly reasons: readonly JudgedReason[];
}

export interface JudgedReason {
  readonly reason: Reason;
  readonly fix?: Fix | undefined;
}

/** What KServe makes of one predictor, as far as the runtimes are known. */
export interface Match {
  readonly mode: 'auto' | 'explicit';
  readonly request: ModelRequest;
  /** `undecided`: what could not be read may hold a better one, or the only one. */
  readonly decision: 'chosen' | 'none' | 'undecided';
  /** If undecided: the one that is chosen if nothing better is among what was not read. */
  readonly chosen?: ServingRuntime | undefined;
  /** Those that fit, in KServe's order; none where a runtime is named. */
  readonly candidates: readonly JudgedRuntime[];
  /** Nearest first. */
  readonly rejected: readonly JudgedRuntime[];
  /** How many others were read that nobody could have meant. */
  readonly others: number;
  /** Model formats of all that were read, if none could have been meant. */
  readonly otherFormats: readonly string[];
  /** Where no runtime has the name that is asked for: the names that there are. */
  readonly otherNames: readonly string[];
  /** The one of them that was probably meant. */
  readonly nearName?: string | undefined;
  /** Where the named runtime is not taken. */
  readonly nameFixes: readonly NameFix[];
  /** Only if the decision is `none`. */
  readonly failure?: SelectionFailure | undefined;
  readonly decidedBy?: DecidedBy | undefined;
  readonly warnings: readonly SelectionWarning[];
  /** Scopes of which more would have to be known. */
  readonly unknownScopes: readonly RuntimeScope[];
}

/** @param showsAll also judges the runtimes of quite other formats */
export function matchRuntimes(asked: Asked, selector: Selector, knowledge: Knowledge, showsAll: boolean): Match {
  const { request } = asked;
  const selection = selector.select(request);
  const unknownScopes = missingScopes(request, selection, knowledge);
  const decision = unknownScopes.length > 0 ? 'undecided' : decisionOf(selection);
  const candidates = 'chosen' in selection ? selection.candidates : [];
  const by = candidates[0] && candidates[1] && decidedBy(request.format, candidates[0], candidates[1]);
  const rejected = rejectedRuntimes(request, selection, selector, showsAll);
  const judge = (reasons: readonly Reason[], runtime: ServingRuntime): JudgedRuntime => ({
    runtime,
    reasons: reasons.map((reason) => ({ reason, fix: findFix(reason, runtime, asked, selector) })),
  });
  return {
    mode: selection.mode,
    request,
    decision,
    chosen: chosenOf(selection),
    candidates: candidates.map((runtime) => judge(outranked(request, candidates[0], runtime), runtime)),
    rejected: rejected.map((runtime) => judge(reasonsAgainst(request, runtime, selector), runtime)).toSorted(compareRejected(request)),
    others: selector.runtimes.length - candidates.length - rejected.length - (selection.mode === 'explicit' && chosenOf(selection) ? 1 : 0),
    otherFormats: candidates.length + rejected.length > 0 ? [] : selector.formats,
    ...('failure' in selection ? namedInstead(asked, selection.failure, selector, knowledge) : { otherNames: [], nameFixes: [] }),
    failure: decision === 'none' && 'failure' in selection ? selection.failure : undefined,
    decidedBy: by,
    warnings: [...choiceWarnings(request, selection, by, selector), ...malformedWarnings(selector)],
    unknownScopes,
  };
}

function decisionOf(selection: Selection): 'chosen' | 'none' {
  return 'chosen' in selection ? 'chosen' : 'none';
}

function chosenOf(selection: Selection): ServingRuntime | undefined {
  return 'chosen' in selection ? selection.chosen : undefined;
}

/** Of a named runtime that cannot be taken. */
function namedInstead(
  asked: Asked,
  { reason }: SelectionFailure,
  selector: Selector,
  knowledge: Knowledge,
): Pick<Match, 'otherNames' | 'nearName' | 'nameFixes'> {
  const otherNames = reason === 'RuntimeNotRecognized' ? [...new Set(selector.runtimes.map(({ name }) => name))] : [];
  const nearName = nearestName(asked.request.runtime ?? '', otherNames);
  return { otherNames, nearName, nameFixes: nameFixes(asked, nearName, (request) => certainChoice(request, selector, knowledge)) };
}

function certainChoice(request: ModelRequest, selector: Selector, knowledge: Knowledge): ServingRuntime | undefined {
  const selection = selector.select(request);
  return missingScopes(request, selection, knowledge).length > 0 ? undefined : chosenOf(selection);
}

/** The scopes that leave the answer open: a namespaced runtime comes before any other, whether it is named or fits. */
function missingScopes(request: ModelRequest, selection: Selection, knowledge: Knowledge): readonly RuntimeScope[] {
  const { runtime } = request;
  const isKnown = ({ isWhole, askedNames }: ScopeKnowledge) => isWhole || (runtime !== undefined && askedNames.has(runtime));
  const unknown = (['namespace', 'cluster'] as const).filter((scope) => !isKnown(knowledge[scope]));
  const found = 'failure' in selection && 'runtime' in selection.failure ? selection.failure.runtime : chosenOf(selection);
  if (found?.scope !== 'namespace') return unknown.filter((scope) => scope === 'namespace' || found === undefined || runtime === undefined);
  // A named one that was found is the one; among those that fit, one that was not read may come first.
  return runtime === undefined ? unknown.filter((scope) => scope === 'namespace') : [];
}

function outranked(request: ModelRequest, winner: ServingRuntime | undefined, runtime: ServingRuntime): readonly Reason[] {
  if (winner === undefined || winner === runtime) return [];
  return [{ reason: 'Outranked', by: winner, decidedBy: decidedBy(request.format, winner, runtime) ?? 'name' }];
}

/** Where a runtime is named, those of the name; otherwise those of the format, or of one that is much like it. */
function rejectedRuntimes(request: ModelRequest, selection: Selection, selector: Selector, showsAll: boolean): readonly ServingRuntime[] {
  const fitting = new Set('chosen' in selection ? [selection.chosen, ...selection.candidates] : []);
  const named = request.runtime === undefined ? undefined : selector.named(request.runtime);
  const considered = named ?? (showsAll ? selector.runtimes : selector.near(request));
  return considered.filter((runtime) => !fitting.has(runtime));
}

function reasonsAgainst(request: ModelRequest, runtime: ServingRuntime, selector: Selector): readonly Reason[] {
  const [first] = selector.named(runtime.name);
  const shadow: readonly Reason[] =
    first !== undefined && request.runtime === runtime.name && isHidden(runtime, selector) ? [{ reason: 'Shadowed', by: first }] : [];
  return [...shadow, ...rejectionReasons(request, runtime)];
}

/** Nearest first: by name, by format, by how much speaks against it; namespaced ones first. */
function compareRejected(request: ModelRequest): (a: JudgedRuntime, b: JudgedRuntime) => number {
  const far = ({ runtime }: JudgedRuntime): number =>
    runtime.name === request.runtime ? -1 : Math.min(3, ...runtime.supportedModelFormats.map(({ name }) => distance(request.format, name)));
  return (a, b) =>
    far(a) - far(b) ||
    a.reasons.length - b.reasons.length ||
    Number(a.runtime.scope === 'cluster') - Number(b.runtime.scope === 'cluster') ||
    (a.runtime.name < b.runtime.name ? -1 : 1);
}

function choiceWarnings(
  request: ModelRequest,
  selection: Selection,
  by: DecidedBy | undefined,
  selector: Selector,
): readonly SelectionWarning[] {
  if ('failure' in selection) return [];
  return [...candidateWarnings(request, selection.candidates, by), ...chosenWarnings(request, selection.chosen, selector)];
}

/** A name that is nearly this one, or this one with something more or less at its end. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  if (name === '') return undefined;
  return didYouMean(name, names) ?? names.find((other) => other.length > 2 && name.startsWith(other));
}
