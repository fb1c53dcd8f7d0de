import type { ConnectionOptions } from '../cluster/connection-options.ts';
import type { OptionModel } from '../command/option.ts';
import { lookUp } from '../text/look-up.ts';
import { camelCase } from './parse/camel-case.ts';

const CONNECTION_SECTION = 'Connection options';
const GENERAL = 'General options';

/** kubectl's connection flags: every command takes them, with kubectl's names, letters and meaning. */
const connectionOptions = {
  kubeconfig: { type: 'string', placeholder: 'FILE', section: CONNECTION_SECTION, completes: 'file', summary: 'Kubeconfig file to use' },
  context: { type: 'string', placeholder: 'NAME', section: CONNECTION_SECTION, completes: 'context', summary: 'Kubeconfig context to use' },
  cluster: { type: 'string', placeholder: 'NAME', section: CONNECTION_SECTION, completes: 'cluster', summary: 'Kubeconfig cluster to use' },
  user: { type: 'string', placeholder: 'NAME', section: CONNECTION_SECTION, completes: 'user', summary: 'Kubeconfig user to use' },
  namespace: {
    type: 'string',
    short: 'n',
    placeholder: 'NAME',
    section: CONNECTION_SECTION,
    completes: 'namespace',
    summary: "Namespace to use; the context's if not given",
  },
  server: { type: 'string', short: 's', placeholder: 'URL', section: CONNECTION_SECTION, summary: 'Address of the API server' },
  token: { type: 'string', placeholder: 'TOKEN', section: CONNECTION_SECTION, summary: 'Bearer token' },
  username: { type: 'string', placeholder: 'NAME', section: CONNECTION_SECTION, summary: 'User name of basic authentication' },
  password: { type: 'string', placeholder: 'TEXT', section: CONNECTION_SECTION, summary: 'Password of basic authentication' },
  as: { type: 'string', placeholder: 'USER', section: CONNECTION_SECTION, summary: 'User to impersonate' },
  'as-group': {
    type: 'list',
    commas: false,
    placeholder: 'GROUP',
    section: CONNECTION_SECTION,
    summary: 'Group to impersonate; may be repeated',
  },
  'as-uid': { type: 'string', placeholder: 'UID', section: CONNECTION_SECTION, summary: 'UID to impersonate' },
  'as-user-extra': {
    type: 'list',
    commas: false,
    placeholder: 'KEY=VALUE',
    section: CONNECTION_SECTION,
    summary: 'Extra attribute of the user to impersonate; may be repeated',
  },
  'certificate-authority': {
    type: 'string',
    placeholder: 'FILE',
    section: CONNECTION_SECTION,
    completes: 'file',
    summary: 'Certificate authority of the API server',
  },
  'client-certificate': {
    type: 'string',
    placeholder: 'FILE',
    section: CONNECTION_SECTION,
    completes: 'file',
    summary: 'Client certificate',
  },
  'client-key': {
    type: 'string',
    placeholder: 'FILE',
    section: CONNECTION_SECTION,
    completes: 'file',
    summary: 'Key of the client certificate',
  },
  'insecure-skip-tls-verify': {
    type: 'boolean',
    section: CONNECTION_SECTION,
    summary: "Do not verify the API server's certificate; anyone on the network path can then read and change everything",
  },
  'tls-server-name': {
    type: 'string',
    placeholder: 'NAME',
    section: CONNECTION_SECTION,
    summary: 'Name to expect in the certificate of the API server',
  },
  'proxy-url': { type: 'string', placeholder: 'URL', section: CONNECTION_SECTION, summary: 'Proxy to use for requests to the API server' },
  'request-timeout': {
    type: 'string',
    placeholder: 'DURATION',
    section: CONNECTION_SECTION,
    summary: 'Give up on a single request after this time, such as 5s or 2m; 0 means never',
  },
  'disable-compression': { type: 'boolean', section: CONNECTION_SECTION, summary: 'Do not ask the API server to compress responses' },
  'cache-dir': {
    type: 'string',
    placeholder: 'FOLDER',
    section: CONNECTION_SECTION,
    completes: 'file',
    summary: 'Accepted for compatibility with kubectl; nothing is cached',
  },
  v: {
    type: 'integer',
    short: 'v',
    placeholder: 'LEVEL',
    minimum: 0,
    section: GENERAL,
    summary: 'Show requests on stderr: 6 shows one line each, 8 adds headers and the start of bodies; secrets are masked',
  },
} as const satisfies OptionModel;

/** Flags that kubectl has and that change nothing here: accepted, so that a kubectl command line can be reused. */
const ignoredOptions = {
  kuberc: {
    type: 'string',
    placeholder: 'FILE',
    hidden: true,
    completes: 'file',
    summary: 'Preferences of kubectl: read for credential plugins only',
  },
  'match-server-version': { type: 'boolean', hidden: true, summary: 'Ignored' },
  profile: { type: 'string', placeholder: 'NAME', hidden: true, summary: 'Ignored' },
  'profile-output': { type: 'string', placeholder: 'FILE', hidden: true, completes: 'file', summary: 'Ignored' },
  'log-flush-frequency': { type: 'string', placeholder: 'DURATION', hidden: true, summary: 'Ignored' },
  vmodule: { type: 'string', placeholder: 'PATTERN', hidden: true, summary: 'Ignored' },
} as const satisfies OptionModel;

/** Flags of the program itself, taken by every command. */
export const generalOptions = {
  color: {
    type: 'string',
    placeholder: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    section: GENERAL,
    summary: 'When to use colour; auto means on a terminal',
  },
  'no-color': { type: 'boolean', section: GENERAL, summary: 'The same as --color=never' },
  'warnings-as-errors': { type: 'boolean', section: GENERAL, summary: 'Exit 1 if the API server sent a warning' },
  help: { type: 'boolean', short: 'h', section: GENERAL, summary: 'Show help' },
} as const satisfies OptionModel;

/** Flags in place of a command. */
export const rootOptions = {
  version: { type: 'boolean', section: GENERAL, summary: 'The same as version --client' },
} as const satisfies OptionModel;

/** All flags that every command takes. */
export const commonOptions = { ...connectionOptions, ...ignoredOptions, ...generalOptions } as const satisfies OptionModel;

/** Those that mean nothing to a command that reaches no server. */
export const SERVER_OPTIONS: ReadonlySet<string> = new Set([...Object.keys(connectionOptions), 'warnings-as-errors']);

/** Options of which an empty value means none, as in kubectl. */
export const MAY_BE_EMPTY: ReadonlySet<string> = new Set([
  ...Object.keys({ ...connectionOptions, ...ignoredOptions }),
  'output',
  'selector',
  'label-columns',
]);

type Values = Readonly<Record<string, unknown>>;

/** Picks kubectl's connection flags out of all values; what was not given is absent. */
export function toConnectionOptions(values: Values): ConnectionOptions {
  const names = [...Object.keys(connectionOptions), 'kuberc'].map(camelCase).filter((name) => name !== 'v');
  const given = names.map((name) => [name, lookUp(values, name)] as const).filter(([, value]) => isGiven(value));
  return { ...Object.fromEntries(given), ...(typeof values.v === 'number' ? { verbosity: values.v } : {}) };
}

// A false switch is the same as none: client-go merges the flags over the kubeconfig, and false never overrides.
function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
