import { defineCommand } from '../../command/command.ts';
import { ExitCode } from '../../errors.ts';

export const completionInstallCommand = defineCommand({
  path: ['completion', 'install'],
  aliases: [[], []],
  summary: 'Set up shell completion for kubectl kserve',
  description:
    "Completion of a kubectl plugin comes from a program called kubectl_complete-kserve. This command creates a link of that name beside kubectl-kserve on PATH, or in a folder of your own where krew would trip over it, then asks kubectl whether it works. Your shell must have loaded kubectl's own completion: see kubectl completion --help.",
  examples: [{ does: 'Set up completion and check that it works', words: 'completion install' }],
  exitCodes: [
    [ExitCode.ok, 'kubectl completes the plugin'],
    [ExitCode.undetermined, 'completion could not be set up; no changes were made'],
  ],
  options: {},
  connects: false,
  needs: [],
  load: () => import('./install.ts'),
});

export const completionUninstallCommand = defineCommand({
  path: ['completion', 'uninstall'],
  aliases: [[], []],
  summary: 'Remove the completion link',
  description:
    'Removes the link that `completion install` created, and nothing else of that name. Run it before you uninstall the plugin: krew does not remove the link.',
  examples: [{ does: 'Remove the completion link', words: 'completion uninstall' }],
  exitCodes: [
    [ExitCode.ok, 'completion is not set up any more'],
    [ExitCode.undetermined, 'the link cannot be removed, or was made by something else'],
  ],
  options: {},
  connects: false,
  needs: [],
  load: () => import('./uninstall.ts'),
});

export const completionStatusCommand = defineCommand({
  path: ['completion', 'status'],
  aliases: [[], []],
  summary: 'Check whether shell completion works for kubectl kserve',
  description: "Looks for kubectl_complete-kserve on PATH and asks kubectl to complete the plugin's name once.",
  examples: [{ does: 'See whether completion works', words: 'completion status' }],
  exitCodes: [
    [ExitCode.ok, 'it works'],
    [ExitCode.no, 'it is not set up'],
    [ExitCode.undetermined, 'it is set up, but does not work'],
  ],
  options: {},
  connects: false,
  needs: [],
  load: () => import('./status.ts'),
});

const LOADED_BY = {
  bash: 'source <(kubectl-kserve completion bash)',
  zsh: 'source <(kubectl-kserve completion zsh)',
  fish: 'kubectl-kserve completion fish | source',
  powershell: 'kubectl-kserve completion powershell | Out-String | Invoke-Expression',
} as const;

function shellCommand(shell: keyof typeof LOADED_BY) {
  return defineCommand({
    path: ['completion', shell],
    aliases: [[], []],
    summary: `Print a ${shell} completion script for running kubectl-kserve directly`,
    description: `Prints a completion script for running kubectl-kserve directly. Load it in ${shell} with: ${LOADED_BY[shell]}. For kubectl kserve, use completion install instead.`,
    examples: [{ does: `Print the script for ${shell}`, words: `completion ${shell}` }],
    options: {},
    connects: false,
    needs: [],
    load: async () => ({ run: (await import('./print-script.ts')).printScript(shell) }),
  });
}

export const completionShellCommands = (['bash', 'zsh', 'fish', 'powershell'] as const).map(shellCommand);
