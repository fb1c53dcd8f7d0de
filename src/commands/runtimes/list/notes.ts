import { connectionFlags } from '../../../command/connection-flags.ts';
import { failsForUnsetProtocol } from '../../../domain/kserve/automatic-choice.ts';
import { isKnownProtocol, KNOWN_PROTOCOLS } from '../../../domain/kserve/serving-runtime.ts';
import { didYouMean } from '../../../text/did-you-mean.ts';
import { escapeText } from '../../../text/escape.ts';
import { shellCommand } from '../../../text/shell.ts';
import type { Reader } from '../reading/refusals.ts';
import { isSpread, type ListRequest } from './request.ts';
import type { RuntimeRow } from './view.ts';

/** What the rows do not say by themselves of the filters, escaped. `read` are all, `rows` those that are shown. */
export function filterNotes(
  request: ListRequest,
  read: readonly RuntimeRow[],
  rows: readonly RuntimeRow[],
  reader: Pick<Reader, 'programName' | 'connectionOptions'>,
): string[] {
  if (rows.length === 0) return [];
  const { modelFormat, protocol } = request;
  return [
    ...(protocol === undefined ? [] : unknownProtocol(protocol, read)),
    ...(modelFormat === undefined || protocol !== undefined || isSpread(request) ? [] : unsetProtocol(modelFormat, rows, reader)),
  ];
}

/** Only runtimes without a list of protocols are left then. */
function unknownProtocol(protocol: string, read: readonly RuntimeRow[]): string[] {
  if (protocol === '' || isKnownProtocol(protocol) || read.some(({ runtime }) => runtime.protocolVersions.includes(protocol))) return [];
  const meant = didYouMean(protocol, KNOWN_PROTOCOLS);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return [`note: no runtime lists the protocol ${escapeText(protocol)}, and KServe does not know it: these list none.${hint}`];
}

function unsetProtocol(
  modelFormat: string,
  rows: readonly RuntimeRow[],
  reader: Pick<Reader, 'programName' | 'connectionOptions'>,
): string[] {
  const runtimes = rows.map(({ runtime }) => runtime);
  if (!failsForUnsetProtocol(modelFormat, runtimes)) return [];
  const { namespace } = reader.connectionOptions;
  const flags = [...(namespace ? ['-n', namespace] : []), ...connectionFlags(reader.connectionOptions)];
  const command = `${reader.programName} ${shellCommand(['runtimes', 'match', '--model-format', modelFormat, ...flags])}`;
  return [
    `note: KServe chooses none of these for a model without protocolVersion, which it takes for v1. For more: ${escapeText(command)}`,
  ];
}
