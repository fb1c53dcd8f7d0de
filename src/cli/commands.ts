import {
  completionInstallCommand,
  completionShellCommands,
  completionStatusCommand,
  completionUninstallCommand,
} from '../commands/completion/completion.command.ts';
import { doctorCommand } from '../commands/doctor/doctor.command.ts';
import { checkCommand } from '../commands/rbac/check/check.command.ts';
import { explainCommand } from '../commands/rbac/explain/explain.command.ts';
import { fixCommand } from '../commands/rbac/fix/fix.command.ts';
import { matrixCommand } from '../commands/rbac/matrix/matrix.command.ts';
import { whoCanCommand } from '../commands/rbac/who-can/who-can.command.ts';
import { runtimesDescribeCommand } from '../commands/runtimes/describe/describe.command.ts';
import { runtimesListCommand } from '../commands/runtimes/list/list.command.ts';
import { runtimesMatchCommand } from '../commands/runtimes/match/match.command.ts';
import { versionCommand } from '../commands/version/version.command.ts';
import type { Catalogue } from './parse/tree.ts';

/** Every command, in the order of help. Only descriptions are loaded: the code of a command comes with its `load`. */
export const CATALOGUE: Catalogue = {
  groups: [
    { word: 'runtimes', aliases: ['runtime', 'rt'], summary: 'Show serving runtimes and which one KServe picks' },
    { word: 'rbac', aliases: [], summary: 'Check what an account may do, and what is missing' },
    { word: 'completion', aliases: [], summary: 'Set up shell completion' },
  ],
  commands: [
    runtimesListCommand,
    runtimesMatchCommand,
    runtimesDescribeCommand,
    checkCommand,
    explainCommand,
    fixCommand,
    whoCanCommand,
    matrixCommand,
    doctorCommand,
    completionInstallCommand,
    completionStatusCommand,
    completionUninstallCommand,
    ...completionShellCommands,
    versionCommand,
  ],
  examples: [
    { does: 'Runtimes that can be used in the current namespace', words: 'runtimes list' },
    { does: 'Runtimes that serve LightGBM 4 with the v2 protocol', words: 'runtimes list --model-format lightgbm:4 --protocol v2' },
    { does: 'Which runtime KServe picks for a model, and why not the others', words: 'runtimes match -f isvc.yaml' },
    { does: 'Why a model is not ready', words: 'doctor iris -n team-a' },
    { does: 'Why you see no runtimes, and the grant that fixes it', words: 'rbac check' },
    { does: 'The same for the ServiceAccount of an application', words: 'rbac check --sa team-a:default-editor' },
    { does: 'Permissions that it takes to deploy a model', words: 'rbac check --for deploy -n team-a' },
    { does: 'Set up shell completion', words: 'completion install' },
  ],
};
