import {
  completionInstallCommand,
  completionShellCommands,
  completionStatusCommand,
  completionUninstallCommand,
} from '../commands/completion/completion.command.ts';
import { checkCommand } from '../commands/rbac/check.command.ts';
import { runtimesListCommand } from '../commands/runtimes/list.command.ts';
import { versionCommand } from '../commands/version/version.command.ts';
import type { Catalogue } from './tree.ts';

/** Every command, in the order of help. Only descriptions are loaded: the code of a command comes with its `load`. */
export const CATALOGUE: Catalogue = {
  groups: [
    { word: 'runtimes', aliases: ['runtime', 'rt'], summary: 'Look at serving runtimes' },
    { word: 'rbac', aliases: [], summary: 'Find out what an account may do, and what is missing' },
    { word: 'completion', aliases: [], summary: 'Make TAB work after kubectl kserve' },
  ],
  commands: [
    runtimesListCommand,
    checkCommand,
    completionInstallCommand,
    completionStatusCommand,
    completionUninstallCommand,
    ...completionShellCommands,
    versionCommand,
  ],
};
