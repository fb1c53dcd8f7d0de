import { formatFits } from '../../../domain/kserve/runtime-selection.ts';
import { distance } from '../../../domain/kserve/selection/reasons.ts';
import { modelFormatText, protocolRank, type ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { escapeText } from '../../../text/escape.ts';
import { fits, type ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

type Filter = Pick<ListRequest, 'modelFormat' | 'protocol' | 'labelSelector'>;

interface Filtered {
  /** All that were read, at least one. */
  readonly read: readonly RuntimeRow[];
  readonly shown: readonly RuntimeRow[];
  /** Nothing that was asked for is missing in `read`. */
  readonly isWhole: boolean;
}

/** What the filters left none or some of, as far as the rows do not say it: each text one line, escaped. */
export function filterMessages({ read, shown, isWhole }: Filtered, filter: Filter): readonly string[] {
  const runtimes = read.map(({ runtime }) => runtime);
  const disabled = runtimes.filter((runtime) => runtime.disabled && fits(runtime, filter) && isNamed(runtime, filter));
  if (shown.length > 0) return disabled.length === 0 ? [] : [`note: ${leftOutText(disabled)}`];
  const which = [isWhole ? '' : ' that could be read', filter.labelSelector === undefined ? '' : ' that match the label selector'].join('');
  const none =
    runtimes.length === 1
      ? `The only runtime${which.replace('match', 'matches')} does not serve ${askedText(filter)}`
      : `None of ${runtimes.length} runtimes${which} serves ${askedText(filter)}`;
  if (disabled.length > 0) return [`${none}; ${leftOutText(disabled)}.`];
  const hint = alternatives(runtimes, filter);
  return [`${none}.`, ...(hint === '' ? [] : [`hint: ${hint}`])];
}

/** What the filters ask for, escaped: `model format "x" with protocol "v2"`. */
export function askedText({ modelFormat, protocol }: Pick<ListRequest, 'modelFormat' | 'protocol'>): string {
  return [
    ...(modelFormat === undefined ? [] : [`model format "${escapeText(modelFormat)}"`]),
    ...(protocol === undefined ? [] : [`protocol "${escapeText(protocol)}"`]),
  ].join(' with ');
}

/** A runtime without protocols fits any word: that it is disabled says nothing about a protocol that nobody speaks. */
function isNamed({ protocolVersions }: ServingRuntime, { modelFormat, protocol = '' }: Filter): boolean {
  return modelFormat !== undefined || protocolVersions.includes(protocol);
}

const MOST_NAMES = 3;

/** Runtimes that fit, but that KServe does not use. */
function leftOutText(disabled: readonly ServingRuntime[]): string {
  const names = [...new Set(disabled.map(({ name }) => name))].sort().map(escapeText);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const count = disabled.length === 1 ? '1 disabled runtime was' : `${disabled.length} disabled runtimes were`;
  return `${count} left out: ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

/** The filter that fits nothing by itself is the one to change; the protocol where both could. */
function alternatives(runtimes: readonly ServingRuntime[], { modelFormat }: Filter): string {
  if (modelFormat === undefined) return sentence('Protocols listed here', protocolsOf(runtimes));
  const serving = runtimes.filter((runtime) => formatFits({ format: modelFormat }, runtime, 'explicit'));
  if (serving.length > 0) return sentence('Protocols listed here for that model format', protocolsOf(serving));
  return formatsLike(runtimes, modelFormat);
}

/** Formats differ in case and version only too often, and are compared exactly. */
function formatsLike(runtimes: readonly ServingRuntime[], modelFormat: string): string {
  const [wanted = ''] = modelFormat.split(':');
  const near = nearestNames(runtimes, wanted);
  const listed = valuesOf(runtimes, ({ supportedModelFormats }) =>
    supportedModelFormats.filter(({ name }) => near.includes(name)).map(modelFormatText),
  );
  const meant = near.map((name) => `${name}${modelFormat.slice(wanted.length)}`);
  const serving = [...meant, ...near].find((format) => runtimes.some((runtime) => isUsable(runtime, format)));
  const question =
    serving === undefined || near.includes(wanted) ? '' : `Did you mean ${escapeText(serving)}? Model formats are compared exactly. `;
  return `${question}${sentence(
    'Listed here',
    listed.map(({ text }) => text),
  )}`;
}

function isUsable(runtime: ServingRuntime, format: string): boolean {
  return !runtime.disabled && formatFits({ format }, runtime, 'explicit');
}

/** Names that are the one that was given, or else differ in case alone, or else by one letter. */
function nearestNames(runtimes: readonly ServingRuntime[], wanted: string): readonly string[] {
  const names = [...new Set(runtimes.flatMap(({ supportedModelFormats }) => supportedModelFormats.map(({ name }) => name)))];
  const nearest = Math.min(...names.map((name) => distance(wanted, name)));
  return nearest === 3 ? [] : names.filter((name) => distance(wanted, name) === nearest);
}

function sentence(lead: string, values: readonly string[]): string {
  return values.length === 0 ? '' : `${lead}: ${values.map(escapeText).join(', ')}.`;
}

function protocolsOf(runtimes: readonly ServingRuntime[]): readonly string[] {
  const listed = valuesOf(runtimes, ({ protocolVersions }) => protocolVersions);
  return listed.toSorted((a, b) => protocolRank(a.value) - protocolRank(b.value)).map(({ text }) => text);
}

/** Each value once, in the order of its text; one that only disabled runtimes have says so. */
function valuesOf(runtimes: readonly ServingRuntime[], valuesIn: (runtime: ServingRuntime) => readonly string[]) {
  const usable = new Set(runtimes.filter(({ disabled }) => !disabled).flatMap(valuesIn));
  const values = [...new Set(runtimes.flatMap(valuesIn))].sort();
  return values.map((value) => ({ value, text: usable.has(value) ? value : `${value} (disabled)` }));
}
