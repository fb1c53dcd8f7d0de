import { describeFileError } from '../../documents/file-error.ts';
import { readRegularFile } from '../../documents/read-file.ts';
import { ClusterError, messageOf } from '../../errors.ts';
import { Secret } from '../../text/secret.ts';

// A minute less client-go's leeway: https://github.com/kubernetes/client-go/blob/master/transport/token_source.go
const KEPT_MILLISECONDS = 50_000;

function readToken(file: string): Secret {
  let token: string;
  try {
    token = readRegularFile(file).toString('utf8').trim();
  } catch (cause) {
    throw new Error(describeFileError(cause, file), { cause });
  }
  if (token === '') throw new Error(`read empty token from file "${file}"`);
  return new Secret(token);
}

/**
 * A token kept in a file that somebody else renews. The file is read again after about a minute; if that fails the last value stays.
 * `fallback` is sent as long as the file has given none; without it, throws CredentialsFailed.
 */
export function tokenFromFile(file: string, fallback: Secret | undefined, owner: string, now: () => Date): () => Secret {
  let kept: { readonly token: Secret; readonly until: number } | undefined;
  return () => {
    const time = now().getTime();
    if (kept !== undefined && time < kept.until) return kept.token;
    try {
      kept = { token: readToken(file), until: time + KEPT_MILLISECONDS };
      return kept.token;
    } catch (cause) {
      const last = kept?.token ?? fallback;
      if (last !== undefined) return last;
      throw new ClusterError('CredentialsFailed', messageOf(cause), { cause, hint: `It is the tokenFile of ${owner}.` });
    }
  };
}
