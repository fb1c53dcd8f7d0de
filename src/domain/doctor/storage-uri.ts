import { fieldOf, listOf, textOf } from '../kubernetes/json-value.ts';
import { at, type Service } from './service.ts';

// https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go
const BUILT_IN = [
  'gs://',
  's3://',
  'pvc://',
  'file://',
  'https://',
  'http://',
  'hdfs://',
  'webhdfs://',
  'oci://',
  'oci+native://',
  'hf://',
];
const AZURE = 'blob.core.windows.net';

/** Whether KServe fetches from a URI; undefined where only the storage containers could tell. */
export function isSupportedUri(uri: string, service: Pick<Service, 'facts'>): boolean | undefined {
  if (!/\w:\/\//.test(uri)) return true;
  const isBuiltIn = uri.includes(AZURE) ? isAzure(uri) : BUILT_IN.some((prefix) => uri.startsWith(prefix));
  if (isBuiltIn) return true;
  const containers = service.facts.list('ClusterStorageContainer').filter(({ disabled }) => disabled !== true);
  const formats = containers.flatMap((container) => listOf(at(container, 'spec', 'supportedUriFormats')));
  if (formats.some((format) => fitsFormat(uri, format))) return true;
  return service.facts.isComplete('ClusterStorageContainer', undefined) ? false : undefined;
}

/** `https://ACCOUNT.blob.core.windows.net/PATH` anywhere; an expression for it would take the square of a long text's time. */
function isAzure(uri: string): boolean {
  const scheme = 'https://';
  const host = `.${AZURE}/`;
  const start = uri.indexOf(scheme);
  const end = start < 0 ? -1 : uri.indexOf(host, start + scheme.length + 1);
  return end >= 0 && end + host.length < uri.length;
}

function fitsFormat(uri: string, format: unknown): boolean {
  const prefix = textOf(fieldOf(format, 'prefix'));
  const regex = textOf(fieldOf(format, 'regex'));
  if (prefix !== undefined && prefix !== '') return uri.startsWith(prefix);
  // A regular expression of Go that we cannot run proves nothing against the URI.
  return regex !== undefined && regex !== '' && (tested(regex, uri) ?? true);
}

/** Characters of a URI and of an expression that are tried. */
const MOST_TRIED = 2048;

function tested(regex: string, text: string): boolean | undefined {
  if (!isQuick(regex) || text.length > MOST_TRIED) return undefined;
  try {
    return new RegExp(`^(?:${regex})`).test(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether an expression ends soon here too, where it may try all ways that repeats and choices leave; Go tries none twice. Repeated groups could take
 * for ever, a third repeat minutes. `(?` and `\1` mean other things in Go.
 */
function isQuick(regex: string): boolean {
  const repeats = regex.match(/[*+{]/g)?.length ?? 0;
  const choices = regex.match(/[|?]/g)?.length ?? 0;
  return regex.length <= MOST_TRIED && repeats <= 2 && choices <= 4 && !/\)[*+{]|\(\?|\\\d/.test(regex);
}
