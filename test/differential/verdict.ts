import assert from 'node:assert/strict';
import type { Case } from './case.ts';
import { inFolder } from './folder.ts';
import type { Observation, Run, SeenRequest } from './observation.ts';
import { linesWithSecrets } from './secrets.ts';

type Expectation = Pick<Case, 'sees' | 'fails' | 'prints'>;

/** What both programs did with one case. */
export interface Result {
  readonly kubectl: Run;
  readonly ours: Run;
  /** To read messages by. */
  readonly folder: string;
  /** `127.0.0.1:PORT` of the case's API server. */
  readonly host: string;
}

/** Throws unless kubectl did what the case says, and ours the same or what the case says it does on purpose. */
export function judge(wanted: Case, result: Result): void {
  if (wanted.agrees) {
    assertAgreement(wanted, result);
    return;
  }
  assertDone('kubectl', wanted, result.kubectl, result);
  assertDone('kubectl-kserve', wanted.differs ?? wanted, result.ours, result);
  assert.deepEqual(linesWithSecrets(result.ours.stdout + result.ours.stderr), [], 'a secret is shown');
  if (!wanted.differs)
    assert.deepEqual(observed(result.ours), observed(result.kubectl), explained('kubectl-kserve did something else', result.ours));
}

/** Throws unless ours did as kubectl, in words that kubectl has too, or what docs/differences.md says of it. */
function assertAgreement({ differs }: Case, { kubectl, ours }: Result): void {
  const both = `--- kubectl ---\n${kubectl.stderr}${explained('kubectl-kserve does not do as kubectl', ours)}`;
  assert.deepEqual(linesWithSecrets(ours.stdout + ours.stderr), [], 'a secret is shown');
  if (isPrompt(kubectl)) {
    assert.ok(
      ours.requests.every(({ authorization, clientCertificate }) => authorization === undefined && clientCertificate === undefined),
      both,
    );
    return;
  }
  assert.deepEqual(observed(ours), observed(kubectl), both);
  const [message = ''] = readable(ours.stderr).split('\n');
  const words = message.replace(/^(?:error|Unable to connect to the server): /, '');
  if (!kubectl.succeeded && !differs) assert.ok(kubectl.stderr.includes(words), both);
}

/** The difference `no-prompt`: kubectl asks for user name and password, and here nobody answers. */
function isPrompt({ stdout, stderr }: Run): boolean {
  return stdout.startsWith('Please enter Username: ') && stderr.includes('error: EOF');
}

/** Throws unless kubectl did what the case says of it: a wrong rule, or a case that does not show it. */
function assertDone(who: string, expected: Expectation, run: Run, { folder, host }: Pick<Result, 'folder' | 'host'>): void {
  assert.equal(run.succeeded, expected.fails === undefined, explained(`${who} ${run.succeeded ? 'succeeded' : 'failed'}`, run));
  if (expected.fails !== undefined) {
    const text = inFolder(expected.fails, folder).replaceAll('HOST', host);
    assert.ok(readable(run.stderr).includes(text), explained(`${who} does not say ${JSON.stringify(text)}`, run));
  }
  if (expected.prints !== undefined)
    assert.ok(run.stdout.includes(expected.prints), explained(`${who} does not print ${JSON.stringify(expected.prints)}`, run));
  if (expected.sees)
    assert.deepEqual(picked(run.requests.at(-1), expected.sees), expected.sees, explained(`what ${who} showed the server`, run));
}

function observed({ stdout: _, stderr: __, ...rest }: Run): Observation {
  return rest;
}

function picked(request: SeenRequest | undefined, like: Partial<SeenRequest>): object {
  return Object.fromEntries(Object.keys(like).map((key) => [key, request?.[key as keyof SeenRequest]]));
}

/** Takes out what is no part of a message: client-go's log lines, the time now, the address of the name server. */
function readable(stderr: string): string {
  return stderr
    .replaceAll(/^[EWI]\d{4} .*\n/gm, '')
    .replaceAll(/current time \S+ is/g, 'current time NOW is')
    .replaceAll(/(lookup \S+) on \S+: /g, '$1: ');
}

function explained(what: string, run: Run): string {
  return `${what}\n--- stderr ---\n${run.stderr}--- observed ---\n${JSON.stringify(observed(run), undefined, 1)}`;
}
