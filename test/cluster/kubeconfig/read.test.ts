import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { symlinkSync, truncateSync } from 'node:fs';
import { devNull } from 'node:os';
import { tokenFromFile } from '../../../src/cluster/credentials/token-file.ts';
import { readKubeconfigs } from '../../../src/cluster/kubeconfig/read.ts';
import { skipOnWindows } from '../../support/skip.ts';
import { failureOf } from '../../support/wire.ts';
import { createPlace, type Place } from './config-host.ts';

const NO_PIPES = 'named pipes in folders';

describe('readKubeconfigs: what is no plain file', function () {
  // A pipe without a writer is waited for until somebody interrupts.
  this.timeout(5000);
  let place: Place;
  beforeEach(() => {
    place = createPlace();
  });
  afterEach(() => place.remove());

  const pipe = (): string => {
    execFileSync('mkfifo', [place.path('pipe')]);
    return place.path('pipe');
  };
  const read = (file: string, explicit = true, signal?: AbortSignal) => readKubeconfigs({ files: [file], explicit }, place.folder, signal);

  it('reads a pipe to its end', async function () {
    skipOnWindows(this, NO_PIPES);
    const file = pipe();
    const writer = spawn('sh', ['-c', `{ printf 'kind: Config\\ncurrent-'; printf 'context: c\\n'; } > "$0"`, file], { stdio: 'ignore' });
    const [one] = (await read(file)).read;
    assert.equal(one?.kubeconfig.currentContext, 'c');
    writer.unref();
  });

  it('waits for a pipe until it is interrupted', async function () {
    skipOnWindows(this, NO_PIPES);
    const interruption = new AbortController();
    const failure = failureOf(read(pipe(), true, interruption.signal));
    setImmediate(() => interruption.abort());
    assert.equal((await failure).reason, 'Interrupted');
  });

  it('takes nothing for an empty file', async () => {
    assert.equal((await read(devNull)).read.length, 1);
  });

  it('refuses a file that is too large', async () => {
    truncateSync(place.write('big', ''), 64 * 1024 * 1024 + 1);
    assert.equal((await failureOf(read('big'))).message, 'error loading config file "big": open big: file too large');
  });

  it('refuses a device without end', async function () {
    skipOnWindows(this, 'such devices');
    const { reason, message } = await failureOf(read('/dev/zero'));
    assert.deepEqual([reason, message], ['ConfigInvalid', 'error loading config file "/dev/zero": open /dev/zero: file too large']);
  });

  it('refuses a loop of links, and a name that is too long', async function () {
    skipOnWindows(this, 'links for everybody, nor such errors');
    symlinkSync('loop', place.path('loop'));
    assert.deepEqual(await failureOf(read('loop')), {
      reason: 'ConfigInvalid',
      message: 'stat loop: too many levels of symbolic links',
      hint: 'It is the file that --kubeconfig names.',
    });
    const long = 'x'.repeat(5000);
    assert.equal((await failureOf(read(long))).message, `stat ${long}: file name too long`);
    assert.equal((await failureOf(read(long, false))).message, `error loading config file "${long}": open ${long}: file name too long`);
  });

  it('does not wait for a token from a pipe', function () {
    skipOnWindows(this, NO_PIPES);
    const file = pipe();
    const token = tokenFromFile(file, undefined, 'user "u"', () => new Date(0));
    assert.throws(token, { reason: 'CredentialsFailed', message: `open ${file}: is a pipe` });
  });
});

describe('workingFolder', () => {
  it('is where it was if it has been removed', function () {
    skipOnWindows(this, 'working folders that can be removed');
    const place = createPlace();
    const gone = place.path('gone');
    const script = place.write(
      'script.mjs',
      `import { workingFolder } from ${JSON.stringify(new URL('../../../src/cluster/kubeconfig/working-folder.ts', import.meta.url).href)};
       process.stdout.write([workingFolder(process.env), workingFolder({})].join(' '));`,
    );
    const commands = 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$1" "$2"';
    assert.equal(execFileSync('sh', ['-c', commands, gone, process.execPath, script], { encoding: 'utf8' }), `${gone} /`);
    place.remove();
  });
});
