import type { Connection } from '../cluster/cluster.ts';
import type { Shared } from '../cluster/connect.ts';
import type { ConnectionOptions } from '../cluster/connection-options.ts';
import type { Host } from '../host.ts';

/** What the command line runs in: the outside world, and the way to a cluster. */
export interface CliHost extends Host {
  /** Reaches the API server; `main.ts` gives `cluster/connect.ts`, tests may give a fake. */
  readonly connect: (options: ConnectionOptions, host: Host, shared?: Shared) => Promise<Connection>;
}
