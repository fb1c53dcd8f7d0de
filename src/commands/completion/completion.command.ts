import { defineCommand } from '../../command/command.ts';
import { ExitCode } from '../../errors.ts';

export const completionInstallCommand = defineCommand({
  path: ['completion', 'install'],
  aliases: [[], []],
  summary: 'Make TAB work for the plugin of kubectl',
  description:
    "kubectl asks a program called kubectl_complete-kserve what may follow the name of the plugin. This makes a link of that name beside kubectl-kserve on PATH, and then asks kubectl whether it works. kubectl's own completion must be loaded in the shell: kubectl completion --help.",
  examples: [{ does: 'Make the link, and prove it', words: 'completion install' }],
  exitCodes: [
    [ExitCode.ok, 'kubectl completes the plugin'],
    [ExitCode.undetermined, 'it does not, and nothing is left behind'],
  ],
  options: {},
  connects: false,
  needs: [],
  load: () => import('./install.ts'),
});

export const completionUninstallCommand = defineCommand({
  path: ['completion', 'uninstall'],
  aliases: [[], []],
  summary: 'Take the link of completion away',
  description:
    'Removes the link that `completion install` made; anything else of that name is left alone. Run it before krew uninstalls the plugin.',
  examples: [{ does: 'Take the link away', words: 'completion uninstall' }],
  exitCodes: [
    [ExitCode.ok, 'it is not there any more'],
    [ExitCode.undetermined, 'it cannot be removed, or somebody else made it'],
  ],
  options: {},
  connects: false,
  needs: [],
  load: () => import('./uninstall.ts'),
});

export const completionStatusCommand = defineCommand({
  path: ['completion', 'status'],
  aliases: [[], []],
  summary: 'Find out whether TAB works for the plugin of kubectl',
  description: 'Looks for kubectl_complete-kserve on PATH and lets kubectl complete the name of the plugin once.',
  examples: [{ does: 'See whether completion works', words: 'completion status' }],
  exitCodes: [
    [ExitCode.ok, 'it works'],
    [ExitCode.no, 'it is not installed'],
    [ExitCode.undetermined, 'it is installed, but does not work'],
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
    summary: `Print what makes TAB work in ${shell} for the program without kubectl`,
    description: `Prints a script for the program called by its own name. Load it in ${shell} with: ${LOADED_BY[shell]}. For the plugin of kubectl there is completion install instead.`,
    examples: [{ does: `Print the script for ${shell}`, words: `completion ${shell}` }],
    options: {},
    connects: false,
    needs: [],
    load: async () => ({ run: (await import('./print-script.ts')).printScript(shell) }),
  });
}

export const completionShellCommands = (['bash', 'zsh', 'fish', 'powershell'] as const).map(shellCommand);
