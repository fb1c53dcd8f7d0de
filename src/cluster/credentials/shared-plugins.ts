import { limitInFlight } from '../../async/in-flight.ts';
import type { Credential } from '../kubeconfig/client-config.ts';

/** Runs of one plugin, and what is kept of them. */
export interface PluginRuns {
  /** The plugin is asked again for who had `rejected` rejected, and not for others: another server may take it. */
  readonly credential: (signal: AbortSignal, rejected: Credential | undefined) => Promise<Credential>;
}

/** What the plugins of several clusters share. */
export interface SharedPlugins {
  /** The runs of the plugin with that key: one that would answer the same is not run again. */
  readonly runsOf: (key: string, make: () => PluginRuns) => PluginRuns;
  /** Runs one that may ask a person when no other does. */
  readonly askAlone: <T>(run: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** Whether a plugin may have written to the terminal. */
  readonly haveRun: () => boolean;
}

/** For one process that reaches several clusters. */
export function sharePlugins(): SharedPlugins {
  const known = new Map<string, PluginRuns>();
  const alone = limitInFlight(1);
  return {
    runsOf: (key, make) => {
      const runs = known.get(key) ?? make();
      known.set(key, runs);
      return runs;
    },
    askAlone: (run, signal) =>
      alone(() => {
        signal.throwIfAborted();
        return run();
      }),
    haveRun: () => known.size > 0,
  };
}
