import type { Finding } from '../../finding.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { namespaceOf } from '../facts.ts';
import { configFindings } from './config.ts';
import { controllerFindings, controllerOf, versionOf } from './controllers.ts';
import type { InstallationFacts } from './input.ts';
import { missingKinds } from './kinds.ts';
import { presetFindings } from './presets.ts';
import { roleFindings } from './roles.ts';
import { runtimesFindings } from './runtimes.ts';
import { storageContainerFindings } from './storage-containers.ts';
import { webhookFindings } from './webhooks.ts';

/** KServe as it is installed, and what is wrong with that. */
export interface Installation {
  readonly version?: string | undefined;
  /** Of the controller. */
  readonly namespace?: string | undefined;
  readonly findings: readonly Finding[];
}

/** In the order in which one depends on the other. */
const CHECKS: readonly ((input: InstallationFacts) => readonly Finding<Code>[])[] = [
  missingKinds,
  controllerFindings,
  webhookFindings,
  configFindings,
  runtimesFindings,
  storageContainerFindings,
  presetFindings,
  roleFindings,
];

export function examineInstallation(input: InstallationFacts): Installation {
  const controller = controllerOf(input);
  return {
    version: controller && versionOf(controller),
    namespace: controller && namespaceOf(controller),
    findings: CHECKS.flatMap((check) => check(input)),
  };
}
