import { defineCommand } from '../../command/command.ts';
import { outputOption } from '../../command/list-options.ts';
import type { OptionModel } from '../../command/option.ts';
import { partialOption } from '../../command/script-options.ts';
import { KSERVE_GROUP } from '../../domain/kserve/kinds.ts';
import { CONTROLLER, CONTROLLER_NAMESPACES } from '../../domain/kserve/version.ts';
import { ExitCode } from '../../errors.ts';

export const versionOptions = {
  client: { type: 'boolean', summary: 'Show only the version of the plugin; no cluster is needed' },
  output: outputOption(['json', 'yaml']),
  ...partialOption,
} as const satisfies OptionModel;

export const versionCommand = defineCommand({
  path: ['version'],
  aliases: [[]],
  summary: 'Show the versions of the plugin, the API server and KServe',
  description:
    'Shows the versions of the plugin and its Node.js and, unless --client is given, of the API server and KServe. KServe does not publish its version: if you may read its controller, the exact version is shown, otherwise the oldest release that serves the kinds found.',
  examples: [
    { does: 'All versions', words: 'version' },
    { does: 'Only the plugin, without contacting a cluster', words: 'version --client' },
    { does: 'For a program', words: 'version -o json' },
  ],
  exitCodes: [
    [ExitCode.ok, 'all versions are shown, perhaps only the oldest possible one of KServe'],
    [ExitCode.undetermined, 'the API server could not be reached'],
    [ExitCode.partial, "KServe's version is unknown"],
  ],
  options: versionOptions,
  connects: true,
  needs: [
    ...CONTROLLER_NAMESPACES.map((namespace) => ({
      verbs: ['get'],
      group: 'apps',
      resource: 'deployments',
      name: CONTROLLER,
      scope: 'namespace' as const,
      namespace,
      reason: "to read KServe's exact version off its controller; without it the oldest possible one is shown",
    })),
    ...CONTROLLER_NAMESPACES.map((namespace) => ({
      verbs: ['list'],
      group: KSERVE_GROUP,
      resource: 'llminferenceserviceconfigs',
      scope: 'namespace' as const,
      namespace,
      reason: 'to find the presets of LLMInferenceService; without it they are not shown',
    })),
  ],
  load: () => import('./version.ts'),
});
