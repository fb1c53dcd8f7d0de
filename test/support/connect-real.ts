import type { Connection } from '../../src/cluster/cluster.ts';
import { connect } from '../../src/cluster/connect.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import type { User, UserName } from '../../tools/control-plane/users.ts';
import { createHost } from './run-cli.ts';

/** Connects to a real API server as the program does; whoever asks has to close the connection. */
export function connectReal({ kubeconfig }: ControlPlane, user: User | UserName): Promise<Connection> {
  return connect({ kubeconfig: kubeconfig(user) }, createHost({ argv: [], now: new Date() }).host);
}
