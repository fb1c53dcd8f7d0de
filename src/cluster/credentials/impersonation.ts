import type { Impersonation } from '../kubeconfig/client-config.ts';

// RFC 9110 token characters; `%` is one of them but introduces an escape.
const NOT_IN_KEY = /[^!#$&'*+\-.^_`|~0-9A-Za-z]/g;

/** UTF-8 bytes as the Latin-1 text that `node:http` writes out unchanged; Go sends header values as UTF-8. */
export function headerText(value: string): string {
  return Buffer.from(value).toString('latin1');
}

// https://github.com/kubernetes/client-go/blob/master/transport/round_trippers.go, headerKeyEscape
function extraKey(key: string): string {
  return headerText(key).replace(NOT_IN_KEY, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

// Keys that differ only in case are one header: Node would keep just the last, Go sends the lines of all.
function extraHeaders(extra: Impersonation['extra']): Readonly<Record<string, readonly string[]>> {
  const lines = Object.entries(extra).map(([key, values]) => ({
    name: `Impersonate-Extra-${extraKey(key)}`,
    values: values.map(headerText),
  }));
  const headers = [...Map.groupBy(lines, ({ name }) => name.toLowerCase()).values()];
  return Object.fromEntries(headers.map((same) => [same[0]?.name ?? '', same.flatMap(({ values }) => values)]));
}

/** The request headers that ask to act as somebody, ready for `node:http`: an array value is one header line per element. */
export function impersonationHeaders(impersonation: Impersonation): Readonly<Record<string, string | readonly string[]>> {
  return {
    'Impersonate-User': headerText(impersonation.user),
    ...(impersonation.uid === undefined ? {} : { 'Impersonate-Uid': headerText(impersonation.uid) }),
    ...(impersonation.groups.length === 0 ? {} : { 'Impersonate-Group': impersonation.groups.map(headerText) }),
    ...extraHeaders(impersonation.extra),
  };
}
