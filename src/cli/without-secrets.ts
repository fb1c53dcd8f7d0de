import type { Out } from '../host.ts';
import { createSecrets, type Secrets } from '../text/secrets.ts';
import type { CliHost } from './cli-host.ts';

/** The host of one run, whose streams let no secret out that anybody has added to `secrets`. */
export function withoutSecrets(host: CliHost): CliHost {
  const secrets = createSecrets();
  const { out, errOut } = host.streams;
  return { ...host, secrets, streams: { ...host.streams, out: redacting(out, secrets), errOut: redacting(errOut, secrets) } };
}

function redacting(out: Out, secrets: Secrets): Out {
  const { writeBeforePause } = out;
  return {
    write: (text) => out.write(secrets.redact(text)),
    // To look at a stream opens it.
    get isTTY() {
      return out.isTTY;
    },
    get columns() {
      return out.columns;
    },
    ...(out.flushed && { flushed: out.flushed }),
    ...(writeBeforePause && { writeBeforePause: (text) => writeBeforePause(secrets.redact(text)) }),
  };
}
