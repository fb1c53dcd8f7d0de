import { formatFits } from '../../../domain/kserve/runtime-selection.ts';
import { modelFormatText, protocolRank, type ServingRuntime } from '../../../domain/kserve/serving-runtime.ts';
import { escapeText } from '../../../text/escape.ts';
import { fits, type ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

type Filter = Pick<ListRequest, 'modelFormat' | 'protocol'>;

/** Why the filters left none of the runtimes that were read, and what would leave some: sentences on one line. */
export function filterHint(read: readonly RuntimeRow[], filter: Filter): string {
  const runtimes = read.map(({ runtime }) => runtime);
  const asked = [
    ...(filter.modelFormat === undefined ? [] : [`model format "${escapeText(filter.modelFormat)}"`]),
    ...(filter.protocol === undefined ? [] : [`protocol "${escapeText(filter.protocol)}"`]),
  ].join(' with ');
  const fitting = runtimes.filter((runtime) => fits(runtime, filter) && isNamed(runtime, filter));
  if (fitting.length > 0) return `No enabled runtime serves ${asked}: ${disabledText(fitting)}.`;
  const count = runtimes.length === 1 ? 'The only runtime does not serve' : `None of ${runtimes.length} runtimes serves`;
  return `${count} ${asked}.${alternatives(runtimes, filter)}`;
}

/** A runtime without protocols fits any word: that it is disabled says nothing about a protocol that nobody speaks. */
function isNamed({ protocolVersions }: ServingRuntime, { modelFormat, protocol = '' }: Filter): boolean {
  return modelFormat !== undefined || protocolVersions.includes(protocol);
}

const MOST_NAMES = 3;

/** What fits was left out because it is disabled. */
function disabledText(runtimes: readonly ServingRuntime[]): string {
  const names = [...new Set(runtimes.map(({ name }) => name))].sort();
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
  const [last = '', ...rest] = shown.map(escapeText).reverse();
  return rest.length === 0 ? `${last} does, but is disabled` : `${rest.reverse().join(', ')} and ${last} do, but are disabled`;
}

/** The filter that fits nothing by itself is the one to change; the protocol where both could. */
function alternatives(runtimes: readonly ServingRuntime[], { modelFormat }: Filter): string {
  if (modelFormat === undefined) return sentence('Protocols listed here', protocolsOf(runtimes));
  const serving = runtimes.filter((runtime) => formatFits({ format: modelFormat }, runtime, 'explicit'));
  if (serving.length > 0) return sentence('Protocols listed here for that model format', protocolsOf(serving));
  return sentence('Listed here', nearFormats(runtimes, modelFormat));
}

function sentence(lead: string, values: readonly string[]): string {
  return values.length === 0 ? '' : ` ${lead}: ${values.map(escapeText).join(', ')}.`;
}

function protocolsOf(runtimes: readonly ServingRuntime[]): readonly string[] {
  const listed = valuesOf(runtimes, ({ protocolVersions }) => protocolVersions);
  return listed.toSorted((a, b) => protocolRank(a.value) - protocolRank(b.value)).map(({ text }) => text);
}

/** Formats differ in case and version only too often: both are compared as text. */
function nearFormats(runtimes: readonly ServingRuntime[], modelFormat: string): readonly string[] {
  const [wanted = ''] = modelFormat.toLowerCase().split(':');
  const near = valuesOf(runtimes, ({ supportedModelFormats }) =>
    supportedModelFormats.filter(({ name }) => name.toLowerCase() === wanted).map(modelFormatText),
  );
  return near.map(({ text }) => text);
}

/** Each value once, in the order of its text; one that only disabled runtimes have says so. */
function valuesOf(runtimes: readonly ServingRuntime[], valuesIn: (runtime: ServingRuntime) => readonly string[]) {
  const usable = new Set(runtimes.filter(({ disabled }) => !disabled).flatMap(valuesIn));
  const values = [...new Set(runtimes.flatMap(valuesIn))].sort();
  return values.map((value) => ({ value, text: usable.has(value) ? value : `${value} (disabled)` }));
}
