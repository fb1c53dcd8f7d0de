import { defineCommand } from '../../command/command.ts';
import { contextsOptions } from '../../command/contexts-options.ts';
import { listOptions, outputOption } from '../../command/list-options.ts';
import type { OptionModel } from '../../command/option.ts';
import { partialOption, quietOption } from '../../command/script-options.ts';
import { KSERVE_GROUP } from '../../domain/kserve/kinds.ts';
import { ExitCode } from '../../errors.ts';
import { DOCTOR_FORMATS } from './output-format.ts';

const NAMESPACED = { scope: 'namespace' } as const;

export const doctorOptions = {
  'all-namespaces': listOptions['all-namespaces'],
  filename: {
    type: 'list',
    short: 'f',
    commas: false,
    placeholder: 'FILE',
    completes: 'file',
    summary: 'Objects from a file, a folder or stdin (-); may be repeated',
  },
  recursive: { type: 'boolean', short: 'R', summary: 'Also read the folders in a folder of --filename' },
  offline: { type: 'boolean', summary: 'Do not contact a cluster: use only the files of --filename, such as a dump' },
  now: {
    type: 'string',
    placeholder: 'TIME',
    summary: 'With --offline: the time to count from, such as 2026-11-29T12:00:00Z; the newest in the files if not given',
  },
  'fail-on': {
    type: 'string',
    placeholder: 'SEVERITY',
    choices: ['error', 'warning', 'info'],
    default: 'error',
    summary: 'Exit with 1 if there is a finding at least as severe as this',
  },
  wait: {
    type: 'string',
    placeholder: 'DURATION',
    summary: 'Wait for at most this long, such as 10m, until everything is healthy or a problem is found that waiting will not fix',
  },
  logs: { type: 'boolean', summary: 'Show the last log lines of a container that fails' },
  'show-chain': { type: 'boolean', summary: 'Show the objects of healthy services too' },
  explain: {
    type: 'string',
    placeholder: 'CODE',
    completes: 'finding',
    summary: 'Explain a finding: why it happens and how to fix it; "list" shows all codes',
  },
  ...quietOption,
  output: outputOption(DOCTOR_FORMATS),
  ...contextsOptions,
  ...partialOption,
} as const satisfies OptionModel;

export const doctorCommand = defineCommand({
  path: ['doctor'],
  aliases: [[]],
  summary: 'Find out why a model is not ready',
  description:
    'Says why an InferenceService or LLMInferenceService is not ready: the root cause, with evidence and a fix, rather than the symptom in its status. Without names, it checks KServe itself and every service of the namespace. With -f, it checks files. Objects with a uid are a dump of a cluster. Others are manifests, which it checks before you apply them: by a dry run of the API server, which stores nothing, if you may create them, and otherwise by their schema and the rules of the KServe webhooks; it also checks what they refer to. What cannot be read is listed with what that hides, and never counts as healthy.',
  examples: [
    { does: 'Why an InferenceService is not ready', words: 'doctor iris -n team-a' },
    { does: 'From a dump, without a cluster', words: 'doctor iris -n team-a -f dump.json --offline' },
    { does: 'What is wrong with manifests, before you apply them', words: 'doctor -f k8s/' },
    { does: 'KServe itself and all services', words: 'doctor -A' },
    { does: 'The same for all clusters of the kubeconfig, one line per service', words: 'doctor -A --all-contexts' },
    { does: 'Wait after a deployment, and stop as soon as it has failed for good', words: 'doctor iris --wait=10m' },
    { does: 'Whether a runtime is valid, and who uses it', words: 'doctor clusterservingruntime/kserve-mlserver' },
    { does: 'With the last log lines of a container that fails', words: 'doctor iris --logs' },
    { does: 'What a finding means', words: 'doctor --explain image-pull' },
    { does: 'For a script: only the exit code, and why on stderr', words: 'doctor iris -q' },
    { does: 'As JSON', words: 'doctor iris -o json' },
  ],
  exitCodes: [
    [ExitCode.ok, 'no finding is as severe as --fail-on'],
    [ExitCode.no, 'there is such a finding, or a named service, or the namespace, does not exist'],
    [ExitCode.undetermined, 'no service could be read'],
    [ExitCode.timedOut, '--wait ran out before everything was healthy'],
    [ExitCode.partial, 'nothing was found, but some objects could not be read'],
  ],
  options: doctorOptions,
  positionals: { usage: '[NAME...]', minimum: 0, maximum: Number.POSITIVE_INFINITY, completes: ['inference-service'] },
  connects: true,
  notInContexts: ['offline', 'wait', 'explain'],
  needs: [
    {
      ...NAMESPACED,
      verbs: ['get', 'list'],
      group: KSERVE_GROUP,
      resource: 'inferenceservices',
      reason: 'to read what KServe says of a service',
    },
    {
      ...NAMESPACED,
      verbs: ['get', 'list'],
      group: KSERVE_GROUP,
      resource: 'llminferenceservices',
      reason: 'to read what KServe says of an LLM service',
    },
    { ...NAMESPACED, verbs: ['list'], group: '', resource: 'pods', reason: 'to see why Pods do not start' },
    { ...NAMESPACED, verbs: ['list'], group: 'apps', resource: 'deployments', reason: 'to see whether Pods can be created' },
    { ...NAMESPACED, verbs: ['list'], group: '', resource: 'events', reason: 'to see failed mounts and probes, and what only Events hold' },
    {
      ...NAMESPACED,
      verbs: ['get'],
      group: '',
      resource: 'pods',
      subresource: 'log',
      reason: 'for --logs: to show the last lines of a container that fails',
    },
    ...['inferenceservices', 'servingruntimes', 'llminferenceservices'].map((resource) => ({
      ...NAMESPACED,
      verbs: ['create'],
      group: KSERVE_GROUP,
      resource,
      optional: true as const,
      reason: 'for -f: to try manifests in a dry run, which stores nothing; without it they are checked by their schema',
    })),
    ...['serviceaccounts', 'persistentvolumeclaims', 'secrets', 'configmaps'].map((resource) => ({
      ...NAMESPACED,
      verbs: ['list'],
      group: '',
      resource,
      optional: true as const,
      reason: 'for -f: to see whether what a manifest refers to exists; only names are read',
    })),
    {
      ...NAMESPACED,
      verbs: ['get'],
      group: '',
      resource: 'configmaps',
      optional: true,
      reason: 'for -f: to see whether it has the keys that a manifest refers to; values are never kept',
    },
    {
      ...NAMESPACED,
      verbs: ['list'],
      group: '',
      resource: 'resourcequotas',
      optional: true,
      reason: 'for -f: whether the Pods of a manifest fit in the quotas',
    },
  ],
  load: () => import('./doctor.ts'),
});
