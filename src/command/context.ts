import type { Connection } from '../cluster/cluster.ts';
import type { ConnectionOptions } from '../cluster/connection-options.ts';
import type { Build, Host, IOStreams } from '../host.ts';
import type { TemplateOutput } from '../output/jsonpath/output.ts';
import type { Style } from '../output/style.ts';
import type { Table } from '../output/table.ts';

/** What a command may use. */
export interface Context {
  readonly streams: IOStreams;
  readonly style: Style;
  /** Fits text for people to the terminal that stdout is, if it is one; messages on stderr are fitted when they are written. */
  readonly wrap: (text: string) => string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly env: Host['env'];
  readonly platform: NodeJS.Platform;
  readonly build: Build;
  readonly connectionOptions: ConnectionOptions;
  /** `kubectl kserve` or `kubectl-kserve`, as the user started it: for hints that can be pasted. */
  readonly programName: string;
  /** Of `-o jsonpath=…` and its like, for a command that applies it. */
  readonly template?: TemplateOutput | undefined;
  /** Where one of several contexts of the kubeconfig hands its table, to be one with those of the others, in place of stdout. */
  readonly table?: (<T>(table: Table<T>) => void) | undefined;
  /** Connects on the first call and returns the same connection after that. */
  readonly connection: () => Promise<Connection>;
  /** Connects anew, with the kubeconfig and credentials as they are now; `connection` gives that one from then on. */
  readonly reconnect: () => Promise<Connection>;
  /** As `Host.wait`. */
  readonly wait: NonNullable<Host['wait']>;
}
