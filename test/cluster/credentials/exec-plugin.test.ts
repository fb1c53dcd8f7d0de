import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { batchCommandLine } from '../../../src/cluster/credentials/batch-file.ts';
import { type ConfigHost, loadClientConfig } from '../../../src/cluster/credentials/client-config.ts';
import { sharePlugins } from '../../../src/cluster/credentials/shared-plugins.ts';
import type { Credential } from '../../../src/cluster/kubeconfig/client-config.ts';
import { type Revealed, revealed } from '../../support/revealed.ts';
import { skipOnWindows } from '../../support/skip.ts';
import { createHost, createPlace, failureOf, kubeconfigOf, load, type Place } from '../kubeconfig/config-host.ts';

const V1 = 'client.authentication.k8s.io/v1';
const V1BETA1 = 'client.authentication.k8s.io/v1beta1';

/** Writes what it was given beside itself, then replies with the file `reply` there; counts its runs. */
const PLUGIN = `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const write = (name, text) => writeFileSync(__dirname + '/' + name, text);
const named = (name) => Object.entries(process.env).filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
write('info', process.env.KUBERNETES_EXEC_INFO);
write('seen', JSON.stringify([process.cwd(), ...process.argv.slice(2), ...named('extra'), ...named('inherited')]));
appendFileSync(__dirname + '/runs', 'run\\n');
process.stdout.write(readFileSync(__dirname + '/reply'));
`;

function reply(status: object | undefined, apiVersion = V1): object {
  return { apiVersion, kind: 'ExecCredential', ...(status === undefined ? {} : { status }) };
}

describe('exec-plugin', () => {
  let place: Place;
  let started: string;
  beforeEach(() => {
    place = createPlace();
    started = place.plugin('bin/plugin', PLUGIN);
    place.write('bin/reply', reply({ token: 't' }));
  });
  afterEach(() => place.remove());

  const entry = (more: object = {}): object => ({
    exec: { command: join('bin', 'plugin'), apiVersion: V1, interactiveMode: 'Never', ...more },
  });
  const source = async (exec: object = entry(), given: Partial<ConfigHost> = {}, cluster?: object) =>
    (await load(place, kubeconfigOf(exec, cluster), {}, given)).credentials;
  const get = async (exec: object = entry(), given: Partial<ConfigHost> = {}, cluster?: object): Promise<Revealed<Credential>> =>
    revealed(await (await source(exec, given, cluster)).get(new AbortController().signal));
  const runs = (): number => (existsSync(place.path('bin/runs')) ? readFileSync(place.path('bin/runs'), 'utf8').split('\n').length - 1 : 0);
  const seen = (): string[] => JSON.parse(readFileSync(place.path('bin/seen'), 'utf8'));

  it('runs the command below the file, in our working folder, with args, env and ours', async () => {
    const exec = entry({ args: ['a b', '', '$HOME'], env: [{ name: 'EXTRA', value: 'x y' }] });
    assert.deepEqual(await get(exec, { env: { INHERITED: 'i', EXTRA: 'ours', KUBERNETES_EXEC_INFO: 'old' } }), {
      authorization: 'Bearer t',
    });
    assert.deepEqual(seen(), [place.folder, 'a b', '', '$HOME', 'x y', 'i']);
    assert.equal(
      readFileSync(place.path('bin/info'), 'utf8'),
      `{"kind":"ExecCredential","apiVersion":"${V1}","spec":{"interactive":false}}\n`,
    );
  });

  it('does not run anything while the configuration is loaded', async () => {
    await source();
    assert.equal(runs(), 0);
  });

  it('tells the cluster if asked to', async () => {
    place.write('ca.crt', 'CA');
    const cluster = {
      server: 'https://k:1/p/?q#f',
      'tls-server-name': 'sni',
      'certificate-authority': 'ca.crt',
      'proxy-url': 'http://proxy',
      'disable-compression': true,
      extensions: [
        { name: 'other', extension: 1 },
        { name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } },
      ],
    };
    await get(entry({ provideClusterInfo: true }), { env: { HTTPS_PROXY: 'http://not-told' } }, cluster);
    assert.deepEqual(JSON.parse(readFileSync(place.path('bin/info'), 'utf8')).spec, {
      cluster: {
        server: 'https://k:1/p/',
        'tls-server-name': 'sni',
        'certificate-authority-data': 'Q0E=',
        'proxy-url': 'http://proxy',
        'disable-compression': true,
        config: { audience: 'x' },
      },
      interactive: false,
    });
    await get(entry({ provideClusterInfo: true }), {}, { server: 'https://k?q', 'insecure-skip-tls-verify': true });
    assert.deepEqual(JSON.parse(readFileSync(place.path('bin/info'), 'utf8')).spec.cluster, {
      server: 'https://k?q',
      'insecure-skip-tls-verify': true,
      config: null,
    });
  });

  it('passes its stderr on, also on success', async () => {
    place.plugin('bin/plugin', `console.error('open your browser');${PLUGIN}`);
    const { host, stderr } = createHost(place);
    const { credentials } = await loadClientConfig({ kubeconfig: place.write('config', kubeconfigOf(entry())) }, host);
    await credentials.get(new AbortController().signal);
    assert.equal(stderr.join(''), 'open your browser\n');
  });

  it('is interactive as the mode and the terminal say', async () => {
    const interactive = async (interactiveMode: string, stdinIsTTY: boolean): Promise<boolean> => {
      await get(entry({ interactiveMode }), { stdinIsTTY });
      return JSON.parse(readFileSync(place.path('bin/info'), 'utf8')).spec.interactive;
    };
    assert.equal(await interactive('Never', true), false);
    assert.equal(await interactive('IfAvailable', false), false);
    assert.equal(await interactive('IfAvailable', true), true);
    assert.equal(await interactive('Always', true), true);
    const before = runs();
    const failure = await failureOf(interactive('Always', false));
    assert.equal(failure.message, 'getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal');
    assert.equal(runs(), before);
  });

  it('reads YAML, the beta version, and a certificate beside a token', async () => {
    place.write(
      'bin/reply',
      `apiVersion: ${V1BETA1}\nkind: ExecCredential\nstatus: {token: yaml, clientCertificateData: C, clientKeyData: K}\n`,
    );
    const { authorization, clientCertificate } = await get(entry({ apiVersion: V1BETA1, interactiveMode: null }));
    assert.equal(authorization, 'Bearer yaml');
    assert.deepEqual([clientCertificate?.certificate.pem.toString(), clientCertificate?.key.pem.toString()], ['C', 'K']);
    assert.equal(clientCertificate?.certificate.origin, `certificate from the credential plugin of user "u" in ${place.path('config')}`);
  });

  const REPLIES: readonly (readonly [reply: string | object, message: string])[] = [
    ['junk', "decoding stdout: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct"],
    ['', `exec plugin is configured to use API version ${V1}, plugin returned version client.authentication.k8s.io/__internal`],
    [{}, `exec plugin is configured to use API version ${V1}, plugin returned version client.authentication.k8s.io/__internal`],
    [{ kind: 'Foo', apiVersion: V1 }, `decoding stdout: no kind "Foo" is registered for version "${V1}"`],
    [
      reply({ token: 's' }, 'client.authentication.k8s.io/v1alpha1'),
      'decoding stdout: no kind "ExecCredential" is registered for version "client.authentication.k8s.io/v1alpha1"',
    ],
    [reply({ token: 's' }, V1BETA1), `exec plugin is configured to use API version ${V1}, plugin returned version ${V1BETA1}`],
    [reply(undefined), "exec plugin didn't return a status field"],
    [reply({}), "exec plugin didn't return a token or cert/key pair"],
    [reply({ clientKeyData: 'x' }), 'exec plugin returned only certificate or key, not both'],
    [
      reply({ token: 5 }),
      'decoding stdout: json: cannot unmarshal number into Go struct field ExecCredentialStatus.status.token of type string',
    ],
    [
      { ...reply(undefined), status: 5 },
      'decoding stdout: json: cannot unmarshal number into Go struct field ExecCredential.status of type v1.ExecCredentialStatus',
    ],
    [
      reply({ token: 's', expirationTimestamp: 'soon' }),
      'decoding stdout: parsing time of expirationTimestamp as "2006-01-02T15:04:05Z07:00"',
    ],
  ];
  for (const [text, message] of REPLIES) {
    it(`refuses the reply ${JSON.stringify(text)}`, async () => {
      place.write('bin/reply', text);
      const failure = await failureOf(get());
      assert.deepEqual([failure.reason, failure.message], ['CredentialsFailed', `getting credentials: ${message}`]);
      assert.equal(failure.hint, `The credential plugin of user "u" in ${place.path('config')} failed: log in again, or run it by hand.`);
    });
  }

  it('never quotes a reply that may hold a token', async () => {
    place.write('bin/reply', 'kind: ExecCredential\nstatus: {token: s3cret: x}\n');
    assert.match((await failureOf(get())).message, /^getting credentials: decoding stdout: yaml: line 2: (?!.*s3cret)/);
  });

  for (const text of ['*s3cret', '!s3cret x', 'a: !s3cret!x y', 'kind: s3cret', 'apiVersion: s3cret', 'kind: s3cret\napiVersion: s3cret']) {
    it(`does not quote ${JSON.stringify(text)}`, async () => {
      place.write('bin/reply', text);
      assert.match((await failureOf(get())).message, /^getting credentials: decoding stdout: (?!.*s3cret)/);
    });
  }

  it('ends a plugin that writes for ever', async () => {
    place.plugin('bin/plugin', "const more = () => process.stdout.write('y\\n'.repeat(10_000), more); more();");
    assert.equal((await failureOf(get())).message, 'getting credentials: decoding stdout: more than 4194304 bytes');
  });

  it('tells the exit code', async () => {
    place.plugin('bin/plugin', 'process.exit(3)');
    const message = `getting credentials: exec: executable ${place.path('bin/plugin')} failed with exit code 3`;
    assert.equal((await failureOf(get())).message, message);
  });

  it('tells that it was killed, and what must not be started', async function () {
    skipOnWindows(this, 'signals, nor modes of files');
    place.plugin('bin/plugin', "process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 60_000)");
    const file = place.path('bin/plugin');
    assert.equal((await failureOf(get())).message, `getting credentials: exec: executable ${file} failed with exit code -1`);
    place.write('bin/plugin', '', 0o600);
    assert.equal((await failureOf(get())).message, `getting credentials: exec: fork/exec ${file}: permission denied`);
  });

  for (const [what, exec] of [
    ['arguments', { args: ['--password', 'hunter2hunter2\0'] }],
    ['an environment', { env: [{ name: 'PASSWORD', value: 'hunter2hunter2\0' }] }],
    ['the name of a variable', { env: [{ name: 'hunter2hunter2\0', value: '' }] }],
  ] as const)
    it(`says in Go's words that no program starts with a NUL in ${what}, and does not quote it`, async () => {
      const { message, hint } = await failureOf(get(entry(exec)));
      assert.equal(message, `getting credentials: exec: fork/exec ${started}: invalid argument`);
      assert.doesNotMatch(`${message}${hint}`, /hunter2/);
    });

  it('says what a credential plugin is, and how to install a missing one', async () => {
    const hint =
      'It looks like you are trying to use a client-go credential plugin that is not installed.\n' +
      'To learn more about this feature, consult the documentation available at:\n' +
      '  https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins';
    const inPath = await failureOf(get(entry({ command: 'kubectl-no-such-login', installHint: 'brew \u001b[1minstall\u0007\tit\n' })));
    assert.equal(inPath.message, 'getting credentials: exec: executable kubectl-no-such-login not found');
    assert.equal(inPath.hint, `${hint}\n\nbrew U+001B[1minstallU+0007\tit\n`);
    const path = await failureOf(get(entry({ command: `.${sep}gone` })));
    assert.equal(path.message, `getting credentials: exec: fork/exec ${place.path('gone')}: no such file or directory`);
    assert.equal(path.hint, hint);
  });

  it('looks in PATH, but not in relative folders of it', async () => {
    const exec = entry({ command: 'plugin' });
    assert.deepEqual(await get(exec, { env: { PATH: [place.path('nowhere'), place.path('bin')].join(delimiter) } }), {
      authorization: 'Bearer t',
    });
    for (const PATH of ['.', '', 'bin', ['.', place.path('bin')].join(delimiter)]) {
      const given = { env: { PATH }, cwd: PATH === 'bin' ? place.folder : place.path('bin') };
      assert.equal((await failureOf(get(exec, given))).message, 'getting credentials: exec: executable plugin not found');
    }
  });

  it('replaces a variable on Windows, whatever its case, and finds commands in path', async () => {
    const exec = entry({ command: 'plugin', env: [{ name: 'extra', value: 'new' }] });
    place.plugin('other/plugin.exe', PLUGIN);
    const env = { path: `"${place.path('other')}";`, PathExt: 'exe;.exe.CMD', EXTRA: 'old', kubernetes_exec_info: 'old' };
    place.write('other/reply', reply({ token: 't' }));
    await get(exec, { env, platform: 'win32' });
    assert.deepEqual(JSON.parse(readFileSync(place.path('other/seen'), 'utf8')).slice(1), ['new']);
    assert.match(readFileSync(place.path('other/info'), 'utf8'), /^\{"kind":"ExecCredential"/);
  });

  it('on Windows does not take a command in PATH that one in the working folder hides', async () => {
    const exec = entry({ command: 'login.exe' });
    const env = { PATH: place.path('bin') };
    place.plugin('login.exe', PLUGIN);
    place.plugin('bin/login.exe', PLUGIN);
    assert.equal(
      (await failureOf(get(exec, { env, platform: 'win32' }))).message,
      'getting credentials: exec: executable login.exe not found',
    );
    await get(exec, { env: { ...env, NODEFAULTCURRENTDIRECTORYINEXEPATH: '' }, platform: 'win32' });
    await get(exec, { env, platform: 'win32', cwd: place.path('bin') });
    assert.equal(runs(), 2);
  });

  describe('a batch file on Windows', () => {
    /** What cmd.exe is started with: this one, which is none, writes it down. */
    const cmd = `require('node:fs').writeFileSync(__dirname + '/line', process.argv.slice(2).join(' '));`;

    beforeEach(function () {
      skipOnWindows(this, 'other cmd.exe than its own, which runs all plugins of these tests');
      place.plugin('system/System32/cmd.exe', `${cmd}process.stdout.write(${JSON.stringify(JSON.stringify(reply({ token: 't' })))});`);
      place.write('bin/login.cmd', '');
      chmodSync(place.path('bin/login.cmd'), 0o700);
    });

    const getWith = (args: readonly string[], command = 'login') =>
      get(entry({ command, args }), { env: { PATH: place.path('bin'), SystemRoot: place.path('system') }, platform: 'win32' });

    it('is started by cmd.exe, which gets a line that is quoted for it', async () => {
      assert.deepEqual(await getWith(['a b', '100%']), { authorization: 'Bearer t' });
      const line = readFileSync(place.path('system/System32/line'), 'utf8');
      assert.equal(line, batchCommandLine(place.path('bin/login.cmd'), ['a b', '100%']));
    });

    it('is not started where it is missing, or an argument does not fit', async () => {
      const gone = await failureOf(getWith([], `.${sep}gone.cmd`));
      assert.equal(gone.message, `getting credentials: exec: fork/exec ${place.path('gone.cmd')}: no such file or directory`);
      assert.match(gone.hint ?? '', /not installed/);
      const { message } = await failureOf(getWith(['hunter2\n']));
      assert.match(message, /^getting credentials: exec: fork\/exec \S+: an argument has a line break/);
      assert.doesNotMatch(message, /hunter2/);
    });
  });

  it('keeps the result until it expires', async () => {
    let time = Date.parse('2026-01-01T00:00:00Z');
    place.write('bin/reply', reply({ token: 't', expirationTimestamp: '2026-01-01T00:01:00Z' }));
    const { get: next } = await source(entry(), { now: () => new Date(time) });
    const { signal } = new AbortController();
    assert.equal(await next(signal), await next(signal));
    time += 60_000;
    await next(signal);
    assert.equal(runs(), 1);
    time += 1;
    await next(signal);
    assert.equal(runs(), 2);
  });

  it('runs once for requests that come together, and for each if the result is already expired', async () => {
    const { signal } = new AbortController();
    const fresh = await source();
    await Promise.all([fresh.get(signal), fresh.get(signal), fresh.get(signal)]);
    assert.equal(runs(), 1);
    place.write('bin/reply', reply({ token: 't', expirationTimestamp: '2001-01-01T00:00:00Z' }));
    const expired = await source();
    await Promise.all([expired.get(signal), expired.get(signal)]);
    assert.equal(runs(), 3);
  });

  it('runs again after a 401, but only for the result that was refused', async () => {
    const { signal } = new AbortController();
    const { get: next, refresh } = await source();
    const refused = await next(signal);
    place.write('bin/reply', reply({ token: 'new' }));
    assert.equal(refresh?.(refused), true);
    assert.deepEqual(revealed(await next(signal)), { authorization: 'Bearer new' });
    assert.equal(refresh?.(refused), true);
    await next(signal);
    assert.equal(runs(), 2);
    refresh?.();
    await next(signal);
    assert.equal(runs(), 3);
  });

  it('goes on for one server when another one refuses it, even if there is nothing else to be had', async () => {
    const { signal } = new AbortController();
    const plugins = sharePlugins();
    const [refusing, taking] = [await source(entry(), { plugins }), await source(entry(), { plugins })];
    const first = await refusing.get(signal);
    assert.equal(await taking.get(signal), first);
    place.write('bin/reply', reply(undefined));
    refusing.refresh?.(first);
    await failureOf(refusing.get(signal));
    assert.equal(await taking.get(signal), first);
    assert.equal(runs(), 2);
  });

  it('tries again after a failure', async () => {
    const { signal } = new AbortController();
    const { get: next } = await source();
    place.write('bin/reply', reply(undefined));
    await failureOf(next(signal));
    place.write('bin/reply', reply({ token: 't' }));
    assert.deepEqual(revealed(await next(signal)), { authorization: 'Bearer t' });
  });

  it('ends with the request', async () => {
    place.plugin('bin/plugin', 'setTimeout(() => {}, 600_000)');
    const { get: next } = await source();
    const controller = new AbortController();
    const [first, second] = [next(controller.signal), next(controller.signal)];
    controller.abort(new Error('interrupted'));
    await assert.rejects(first, { message: 'interrupted' });
    await assert.rejects(second, { message: 'interrupted' });
  });

  it('does not keep an interrupted process waiting for a plugin that will not end', async () => {
    const stubborn = "process.on('SIGTERM', () => {}); setTimeout(() => {}, 600_000);";
    place.plugin('bin/plugin', `${stubborn} require('node:fs').writeFileSync(__dirname + '/pid', String(process.pid))`);
    const script = `
      const { loadClientConfig } = await import(${JSON.stringify(new URL('../../../src/cluster/credentials/client-config.ts', import.meta.url).href)});
      const { existsSync, readFileSync } = await import('node:fs');
      const host = { env: process.env, platform: process.platform, cwd: process.cwd(), stdinIsTTY: false, stderr() {}, warn() {}, now: () => new Date() };
      const { credentials } = await loadClientConfig({ kubeconfig: process.argv[1] }, host);
      const controller = new AbortController();
      const poll = setInterval(() => {
        if (!existsSync(process.argv[2]) || readFileSync(process.argv[2]).length === 0) return;
        clearInterval(poll);
        controller.abort(new Error('interrupted'));
      }, 10);
      await credentials.get(controller.signal).catch((cause) => console.log(cause.message));`;
    const args = ['--input-type=module', '-e', script, place.write('config', kubeconfigOf(entry())), place.path('bin/pid')];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: { HOME: place.folder } });
      assert.equal(stdout, 'interrupted\n');
    } finally {
      process.kill(Number(readFileSync(place.path('bin/pid'), 'utf8')), 'SIGKILL');
    }
  });

  describe('under a policy of kuberc', () => {
    const API = 'kubectl.config.k8s.io/v1beta1';
    const kuberc = (content: object | string): string =>
      place.write('.kube/kuberc', typeof content === 'string' ? content : { apiVersion: API, kind: 'Preference', ...content });

    it('refuses all', async () => {
      kuberc({ credentialPluginPolicy: 'DenyAll' });
      const failure = await failureOf(get());
      assert.equal(failure.message, `getting credentials: plugin "${place.path('bin/plugin')}" not allowed: policy set to "DenyAll"`);
      assert.equal(runs(), 0);
      await get(entry(), { env: { KUBERC: 'off' } });
      assert.equal(runs(), 1);
    });

    it('allows what is listed, by command or by path', async () => {
      kuberc({ credentialPluginPolicy: 'Allowlist', credentialPluginAllowlist: [{ name: 'plugin' }, { command: place.path('other') }] });
      const env = { PATH: place.path('bin') };
      assert.equal((await get(entry({ command: 'plugin' }), { env })).authorization, 'Bearer t');
      assert.equal((await get(entry(), { env })).authorization, 'Bearer t');
      const tool = place.plugin('tool', PLUGIN);
      const failure = await failureOf(get(entry({ command: `.${sep}tool` }), { env }));
      assert.equal(failure.message, `getting credentials: plugin path "${tool}" is not permitted by the credential plugin allowlist`);
      const missing = await failureOf(get(entry({ command: 'gone' }), { env }));
      assert.equal(
        missing.message,
        'getting credentials: plugin path "gone" cannot be resolved for credential plugin allowlist check: not found in PATH',
      );
    });

    it('takes $KUBERC, and --kuberc before it', async () => {
      const deny = place.write('deny', { apiVersion: API, kind: 'Preference', credentialPluginPolicy: 'DenyAll' });
      const allow = place.write(
        'allow',
        `# first\n---\nkind: Other\n---\napiVersion: ${API}\nkind: Preference\ncredentialPluginPolicy: AllowAll\n`,
      );
      assert.match((await failureOf(get(entry(), { env: { KUBERC: deny } }))).message, /DenyAll/);
      const { credentials } = await load(place, kubeconfigOf(entry()), { kuberc: allow }, { env: { KUBERC: deny } });
      assert.deepEqual(revealed(await credentials.get(new AbortController().signal)), { authorization: 'Bearer t' });
    });

    for (const [content, message] of [
      [{ credentialPluginPolicy: 'Maybe' }, 'unknown plugin policy: "Maybe"'],
      [{ credentialPluginPolicy: 'Allowlist' }, 'credential plugin policy set to "Allowlist", but allowlist is unspecified'],
      [
        { credentialPluginPolicy: 'Allowlist', credentialPluginAllowlist: [{}] },
        'misconfigured credential plugin allowlist: empty allowlist entry #1',
      ],
      [
        { credentialPluginPolicy: 'Allowlist', credentialPluginAllowlist: [{ name: 'a//b' }] },
        `non-normalized file path: "a//b" vs "${join('a', 'b')}"`,
      ],
      [
        { credentialPluginPolicy: 'DenyAll', credentialPluginAllowlist: [{ name: 'x' }] },
        'misconfigured credential plugin allowlist: plugin policy is "DenyAll" but allowlist is non-nil',
      ],
    ] as const) {
      it(`refuses the policy ${JSON.stringify(content)}`, async () => {
        kuberc(content);
        assert.equal((await failureOf(get())).message, `getting credentials: ${message}`);
      });
    }

    it('has no policy in the alpha version', async () => {
      kuberc({ apiVersion: 'kubectl.config.k8s.io/v1alpha1', credentialPluginPolicy: 'DenyAll' });
      assert.deepEqual(await get(), { authorization: 'Bearer t' });
    });

    it('insists on a file that is named, and warns of a broken default one', async () => {
      const missing = await failureOf(get(entry(), { env: { KUBERC: place.path('none') } }));
      assert.equal(missing.message, `getting credentials: kuberc: open ${place.path('none')}: no such file or directory`);
      const large = place.write('large', '');
      truncateSync(large, 64 * 1024 * 1024 + 1);
      const refused = await failureOf(get(entry(), { env: { KUBERC: large } }));
      assert.equal(refused.message, `getting credentials: kuberc: open ${large}: file too large`);
      const file = kuberc('kind: Other\n');
      const { host, warnings } = createHost(place);
      const { credentials } = await loadClientConfig({ kubeconfig: place.write('config', kubeconfigOf(entry())) }, host);
      await credentials.get(new AbortController().signal);
      assert.deepEqual(warnings, [`kuberc: no preferences loaded from ${file}: no valid preferences found in ${file}\n`]);
    });

    it('brings no escape sequence of $HOME onto the terminal', async function () {
      skipOnWindows(this, 'control characters in names of files');
      place.write('a\u001b[2Jb/.kube/kuberc', '{}');
      const { host, warnings } = createHost(place, { env: { HOME: place.path('a\u001b[2Jb') } });
      const { credentials } = await loadClientConfig({ kubeconfig: place.write('config', kubeconfigOf(entry())) }, host);
      await credentials.get(new AbortController().signal);
      assert.match(warnings.join(''), /^kuberc: no preferences loaded from \S+a\^\[\[2Jb/);
    });
  });
});
