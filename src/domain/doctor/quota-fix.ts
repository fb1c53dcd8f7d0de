import type { Fix } from '../finding.ts';

/** A quota of what Pods use, and not of how many objects there are. */
const OF_RESOURCES = /^(?:requests\.|limits\.|cpu$|memory$|ephemeral-storage$|hugepages-)/;

/** What helps against a quota that is used up, by what it counts. `amounts`: what is asked for, used and left, where that is known. */
export function quotaFix(names: readonly string[], amounts = ''): Fix {
  const detail = amounts === '' ? '' : ` (${amounts})`;
  const counted = names.filter((name) => !OF_RESOURCES.test(name));
  const steps = [
    ...(counted.length < names.length ? ['lower the resources of the component'] : []),
    ...(counted.includes('pods') ? ['lower minReplicas or delete Pods that nobody needs; a rollout needs one more Pod for a while'] : []),
    ...counted.filter((name) => name !== 'pods').map((name) => `delete ${name.replace(/^count\//, '')} that nobody needs`),
  ];
  return { text: `${steps.join(', and ')}${detail}; or have the quota raised` };
}
