import { defineCommand } from '../../../command/command.ts';
import { contextsOptions } from '../../../command/contexts-options.ts';
import { listOptions, outputOption } from '../../../command/list-options.ts';
import type { OptionModel } from '../../../command/option.ts';
import { partialOption, quietOption } from '../../../command/script-options.ts';
import { KSERVE_GROUP } from '../../../domain/kserve/kinds.ts';
import { ExitCode } from '../../../errors.ts';

export const runtimesListOptions = {
  ...listOptions,
  scope: {
    type: 'string',
    placeholder: 'SCOPE',
    choices: ['all', 'namespace', 'cluster'],
    default: 'all',
    summary: 'Which runtimes to list: ServingRuntimes (namespace), ClusterServingRuntimes (cluster) or both (all)',
  },
  'model-format': {
    type: 'string',
    placeholder: 'NAME[:VERSION]',
    completes: 'model-format',
    summary: 'Show only runtimes that can serve this model format; name and version are compared as text',
  },
  protocol: {
    type: 'string',
    placeholder: 'PROTOCOL',
    completes: 'protocol',
    summary: 'Show only runtimes that speak this protocol, such as v1, v2 or grpc-v2; a runtime that lists none speaks all',
  },
  'field-selector': {
    type: 'string',
    placeholder: 'SELECTOR',
    summary: 'Show only objects whose fields match, such as metadata.name=sklearn; the server supports only a few fields',
  },
  'sort-by': {
    type: 'string',
    placeholder: 'PATH',
    summary: "Sort by this field, such as '{.metadata.creationTimestamp}'",
  },
  'ignore-not-found': { type: 'boolean', summary: 'Exit 0 even if a named runtime does not exist' },
  'show-kind': { type: 'boolean', summary: 'Show the kind before each name' },
  watch: { type: 'boolean', short: 'w', summary: 'After the list, show changes as they happen, a line each, until Ctrl-C' },
  'watch-only': { type: 'boolean', summary: 'Show changes only, without the list' },
  'output-watch-events': {
    type: 'boolean',
    summary: 'With --watch or --watch-only: also show what happened: ADDED, MODIFIED or DELETED',
  },
  output: outputOption(['json', 'name', 'wide', 'yaml']),
  ...contextsOptions,
  ...partialOption,
  ...quietOption,
} as const satisfies OptionModel;

export const runtimesListCommand = defineCommand({
  path: ['runtimes', 'list'],
  aliases: [
    ['runtime', 'rt'],
    ['get', 'ls'],
  ],
  summary: 'List the serving runtimes of a namespace and of the cluster',
  description:
    'Lists the ServingRuntimes of a namespace and the ClusterServingRuntimes, each with the model formats and protocols it serves; with names only those, in both scopes unless you write the kind first. -o json, yaml and jsonpath print a List, even for one NAME; clusterservingruntime/NAME gives the object itself. -n takes several namespaces, separated by commas. What cannot be read is reported with the grant that would allow it, so an empty list means that there are no runtimes. --model-format and --protocol show only enabled runtimes that an InferenceService could name for that format or protocol; the column AUTO says whether KServe would also choose them by itself. --watch reconnects if the connection is lost or the server restarts; --request-timeout limits how long it runs.',
  examples: [
    { does: 'Runtimes that can be used in the current namespace', words: 'runtimes list' },
    { does: 'Two of them, in either scope, as YAML', words: 'runtimes list sklearn clusterservingruntime/triton -o yaml' },
    { does: 'In two namespaces, the newest last', words: 'runtimes list -n team-a,team-b --sort-by=.metadata.creationTimestamp' },
    { does: 'In all clusters of production at once, as one table', words: "runtimes list --contexts 'prod-*'" },
    { does: 'In another namespace, with images and priorities', words: 'runtimes list -n team-a -o wide' },
    { does: 'Runtimes that serve LightGBM 4 with the v2 protocol', words: 'runtimes list --model-format lightgbm:4 --protocol v2' },
    { does: 'Everywhere, for a program', words: 'runtimes list -A -o json' },
    { does: 'The same, if what you are allowed to read is enough', words: 'runtimes list -A -o json --partial-ok' },
    { does: 'Check by the exit code whether any runtime serves a model format', words: 'runtimes list --model-format onnx -q' },
    {
      does: "Names and images, with kubectl's custom columns",
      words: "runtimes list -o custom-columns='NAME:.metadata.name,IMAGE:.spec.containers[*].image'",
    },
    { does: 'Watch for changes, and say what each one was', words: 'runtimes list -w --output-watch-events' },
  ],
  exitCodes: [
    [ExitCode.ok, 'everything is shown, even if there are no runtimes'],
    [
      ExitCode.no,
      'no runtime serves what --model-format and --protocol ask for, a name or the namespace does not exist, or the requested kind is not installed',
    ],
    [ExitCode.undetermined, 'nothing could be read: forbidden, unreachable, or KServe is not installed'],
    [ExitCode.partial, 'some runtimes are shown; the rest were forbidden or failed'],
  ],
  options: runtimesListOptions,
  positionals: { usage: '[NAME | KIND/NAME ...]', minimum: 0, maximum: 100, completes: ['runtime'] },
  connects: true,
  appliesTemplate: true,
  notInContexts: ['watch', 'watch-only'],
  needs: [
    ...[
      { resource: 'servingruntimes', scope: 'namespace' as const },
      { resource: 'clusterservingruntimes', scope: 'cluster' as const },
    ].map((runtimes) => ({
      ...{ verbs: ['get'], group: KSERVE_GROUP, ...runtimes },
      reason: 'with names: to show just these; list is not needed then',
    })),
    {
      verbs: ['list'],
      group: KSERVE_GROUP,
      resource: 'servingruntimes',
      scope: 'namespace',
      reason: 'to show the runtimes of a namespace',
    },
    {
      verbs: ['list'],
      group: KSERVE_GROUP,
      resource: 'clusterservingruntimes',
      scope: 'cluster',
      reason: 'to show the runtimes that all namespaces share',
    },
    ...[
      { resource: 'servingruntimes', scope: 'namespace' as const },
      { resource: 'clusterservingruntimes', scope: 'cluster' as const },
    ].map((kind) => ({ verbs: ['watch'], group: KSERVE_GROUP, ...kind, reason: 'for --watch and --watch-only: to follow changes' })),
    {
      verbs: ['get'],
      group: '',
      resource: 'namespaces',
      scope: 'namespace',
      reason:
        'to tell whether the namespace exists: the server answers with an empty list for one that does not; without it, that stays unknown',
    },
    ...[
      { resource: 'clusterroles', scope: 'cluster' as const },
      { resource: 'roles', scope: 'namespace' as const },
    ].map((role) => ({
      ...{ verbs: ['get'], group: 'rbac.authorization.k8s.io', ...role },
      reason: 'if a list is refused: to tell whether the suggested role already exists; without it, that stays unknown',
    })),
  ],
  load: () => import('./list.ts'),
});
