import type { Cluster } from '../cluster/cluster.ts';
import type { Discovery } from '../domain/kubernetes/resource.ts';
import { usableDiscovery } from '../domain/kubernetes/usable-discovery.ts';
import { failureMessage, toleratedFailure } from './review-failure.ts';

export interface AskedDiscovery {
  /** Undefined if the server could not say what it serves. */
  readonly discovery: Discovery | undefined;
  readonly warning?: string;
}

function staleVersions(discovery: Discovery): readonly string[] {
  return discovery.groups.flatMap(({ name, versions }) =>
    versions.filter(({ stale }) => stale).map(({ version }) => (name === '' ? version : `${name}/${version}`)),
  );
}

/** What the server serves; a failure leaves open whether a kind is installed, and no more than that. */
export async function askDiscovery(cluster: Cluster, core: boolean): Promise<AskedDiscovery> {
  try {
    const { discovery, cut } = usableDiscovery(await cluster.discover({ core }));
    if (cut.length > 0) return { discovery, warning: `the server lists kinds or verbs with names that cannot be any: ${cut.join(', ')}` };
    const stale = staleVersions(discovery);
    if (stale.length === 0) return { discovery };
    return { discovery, warning: `the server cannot say at the moment which kinds ${stale.join(', ')} has` };
  } catch (error) {
    const failure = toleratedFailure(error);
    return { discovery: undefined, warning: `could not determine which kinds are installed: ${failureMessage(failure)}` };
  }
}
