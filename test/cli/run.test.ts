import assert from 'node:assert/strict';
import type { CliHost } from '../../src/cli/cli-host.ts';
import type { Catalogue } from '../../src/cli/parse/tree.ts';
import { runCli as run } from '../../src/cli/run.ts';
import type { Connection } from '../../src/cluster/cluster.ts';
import type { AnyCommand } from '../../src/command/command.ts';
import type { Context } from '../../src/command/context.ts';
import { ClusterError, ExitCode, KserveError, UsageError } from '../../src/errors.ts';
import { createHost, runCli } from '../support/run-cli.ts';

/** A catalogue of one command, `do`. */
function doing(act: (context: Context) => Promise<ExitCode> | ExitCode): Catalogue {
  const command: AnyCommand = {
    path: ['do'],
    aliases: [[]],
    summary: 'Do',
    description: 'Does.',
    examples: [],
    options: {},
    connects: true,
    needs: [],
    load: async () => ({ run: async (context) => act(context) }),
  };
  return { groups: [], commands: [command], examples: [] };
}

function failing(error: unknown): Catalogue {
  return doing(() => {
    throw error;
  });
}

const CONNECTION: Connection = {
  cluster: {} as Connection['cluster'],
  namespace: 'default',
  warningCount: () => 2,
  close: () => undefined,
};

describe('runCli', () => {
  it("gives the command's code", async () => {
    for (const code of Object.values(ExitCode)) assert.equal((await runCli({ argv: 'do', catalogue: doing(() => code) })).code, code);
  });

  it('tells a failure and its hint, and gives its code', async () => {
    const catalogue = failing(new KserveError('no such thing: \u001b[2J', { hint: 'Try this:\n  that' }));
    assert.deepEqual(await runCli({ argv: 'do', catalogue }), {
      code: 3,
      stdout: '',
      stderr: 'error: no such thing: ^[[2J\nhint: Try this:\n  that\n',
    });
  });

  it("tells the server's failures in kubectl's words", async () => {
    const { code, stderr } = await runCli({
      argv: 'do',
      catalogue: failing(new ClusterError('Unauthorized', 'Unauthorized', { code: 401 })),
    });
    assert.deepEqual([code, stderr], [3, 'error: You must be logged in to the server (Unauthorized)\n']);
  });

  it('marks labels on stderr where colour is wanted, and nothing else', async () => {
    const catalogue = failing(new KserveError('no', { hint: 'error: a hint' }));
    const plain = 'error: no\nhint: error: a hint\n';
    const marked = '\u001b[31merror:\u001b[39m no\nhint: error: a hint\n';
    const stderrOf = async (argv: string, more: object = {}) => (await runCli({ argv, catalogue, ...more })).stderr;
    assert.equal(await stderrOf('do'), plain);
    assert.equal(await stderrOf('do --color=always'), marked);
    assert.equal(await stderrOf('do --color=always --no-color'), plain);
    assert.equal(await stderrOf('do', { isTTY: true }), marked);
    assert.equal(await stderrOf('do --color=never', { isTTY: true }), plain);
    assert.equal(await stderrOf('do', { isTTY: true, env: { NO_COLOR: '1' } }), plain);
    assert.equal(await stderrOf('do', { env: { FORCE_COLOR: '1' } }), marked);
    const unknown = (label: string) => `${label} unknown flag: --bogus\nSee 'kubectl kserve do --help' for usage.\n`;
    assert.equal(await stderrOf('do --bogus --color always'), unknown('\u001b[31merror:\u001b[39m'));
    assert.equal(await stderrOf('do --bogus --color'), unknown('error:'));
    assert.equal(await stderrOf('do --bogus --color=always --no-color'), unknown('error:'));
  });

  it('marks warnings of the connection too', async () => {
    const connect: CliHost['connect'] = async (_options, { streams }) => {
      streams.errOut.write('Warning: old\n');
      return CONNECTION;
    };
    const catalogue = doing(async ({ connection }) => {
      await connection();
      return ExitCode.ok;
    });
    const { stderr } = await runCli({ argv: 'do --color=always', catalogue, connect });
    assert.equal(stderr, '\u001b[33mWarning:\u001b[39m old\n');
  });

  it('tells misuse found by a command in two lines', async () => {
    const { code, stderr } = await runCli({ argv: 'do', catalogue: failing(new UsageError('bad selector "a b"')) });
    assert.deepEqual([code, stderr], [2, 'error: bad selector "a b"\nSee \'kubectl kserve do --help\' for usage.\n']);
  });

  for (const [bug, shown] of [
    [() => JSON.parse('s3cr3t'), 'SyntaxError: its message is not shown'],
    [() => new URL('s3cr3t'), 'TypeError: ERR_INVALID_URL'],
    [() => Buffer.from(JSON.parse('{"s3cr3t":1}')), 'TypeError: ERR_INVALID_ARG_TYPE'],
  ] as const)
    it(`passes no message of Node's own on, which may quote what it was given: ${shown}`, async () => {
      const { stderr } = await runCli({ argv: 'do -v=8', catalogue: failing(thrownBy(bug)) });
      assert.ok(stderr.startsWith(`error: internal error: ${shown}\n`), stderr);
      assert.doesNotMatch(stderr, /s3cr3t/);
    });

  it('tells a bug in short, with a stack for -v=8 only, and never exits 1', async () => {
    const catalogue = failing(new TypeError('x is not a function'));
    const brief = await runCli({ argv: 'do', catalogue });
    assert.deepEqual(brief, {
      code: 3,
      stdout: '',
      stderr:
        'error: internal error: TypeError: x is not a function\n' +
        'hint: This is a bug in kubectl-kserve 0.0.0-test. Please report it at https://github.com/kubectl-kserve/kubectl-kserve/issues with the output of the same command and -v=8.\n',
    });
    const long = await runCli({ argv: 'do -v=8', catalogue });
    assert.ok(long.stderr.startsWith(brief.stderr.trimEnd()));
    assert.match(long.stderr, /\n {4}at /);
    const [, ...repeated] = long.stderr.split('x is not a function');
    assert.equal(repeated.length, 1);
    assert.equal((await runCli({ argv: 'do', catalogue: failing('thrown text') })).code, 3);
  });

  it('connects once, with the flags as given, and closes', async () => {
    let closed = 0;
    const asked: unknown[] = [];
    const result = await runCli({
      argv: 'do --as-group=a --as-group=b -n x --insecure-skip-tls-verify=false --disable-compression -v=6 --proxy-url=http://p --kuberc=k',
      catalogue: doing(async (context) => {
        assert.equal(await context.connection(), await context.connection());
        return ExitCode.ok;
      }),
      connect: async (options) => {
        asked.push(options);
        return { ...CONNECTION, close: () => closed++ };
      },
    });
    assert.equal(result.code, 0, result.stderr);
    assert.equal(closed, 1);
    assert.deepEqual(asked, [
      { namespace: 'x', asGroup: ['a', 'b'], proxyUrl: 'http://p', disableCompression: true, kuberc: 'k', verbosity: 6 },
    ]);
  });

  it('closes the connection of a command that failed', async () => {
    let closed = 0;
    const catalogue = doing(async (context) => {
      await context.connection();
      throw new KserveError('no');
    });
    await runCli({ argv: 'do', catalogue, connect: async () => ({ ...CONNECTION, close: () => closed++ }) });
    assert.equal(closed, 1);
  });

  it('makes an error of warnings if asked to', async () => {
    const options = {
      argv: 'do --warnings-as-errors',
      catalogue: doing(async (context) => {
        await context.connection();
        return ExitCode.ok;
      }),
    };
    const two = await runCli({ ...options, connect: async () => CONNECTION });
    assert.deepEqual(two, { code: 1, stdout: '', stderr: 'error: 2 warnings received\n' });
    const one = await runCli({ ...options, connect: async () => ({ ...CONNECTION, warningCount: () => 1 }) });
    assert.equal(one.stderr, 'error: 1 warning received\n');
    const none = await runCli({ ...options, connect: async () => ({ ...CONNECTION, warningCount: () => 0 }) });
    assert.deepEqual([none.code, none.stderr], [0, '']);
    assert.equal((await runCli({ ...options, argv: 'do', connect: async () => CONNECTION })).code, 0);
  });

  it('ends at once when interrupted, even if the command does not listen', async () => {
    for (const [reason, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['EPIPE', 0],
    ] as const) {
      const abort = new AbortController();
      const { promise: never } = Promise.withResolvers<ExitCode>();
      const catalogue = doing(() => {
        abort.abort(reason);
        return never;
      });
      assert.deepEqual(await runCli({ argv: 'do', catalogue, signal: abort.signal }), { code, stdout: '', stderr: '' });
    }
  });

  it('loads no command to show help or misuse', async () => {
    const catalogue = doing(() => ExitCode.ok);
    const commands = catalogue.commands.map((command) => ({ ...command, load: () => Promise.reject(new Error('loaded')) }));
    for (const argv of ['do --help', 'do --bogus', '--help', '']) {
      const { code } = await runCli({ argv, catalogue: { ...catalogue, commands } });
      assert.equal(code, argv.includes('bogus') ? 2 : 0);
    }
  });

  it('colours for a terminal, or as told', async () => {
    const catalogue = doing((context) => {
      context.streams.out.write(context.style.red('x'));
      return ExitCode.ok;
    });
    const marked = '\u001b[31mx\u001b[39m';
    const output = async (argv: string, isTTY: boolean, env = {}) => (await runCli({ argv, catalogue, isTTY, env })).stdout;
    assert.equal(await output('do', true), marked);
    assert.equal(await output('do', false), 'x');
    assert.equal(await output('do --color=never', true), 'x');
    assert.equal(await output('do --no-color', true), 'x');
    assert.equal(await output('do --color=always', false), marked);
    assert.equal(await output('do', true, { NO_COLOR: '1' }), 'x');
  });

  it('gives a command what the host has', async () => {
    const { host } = createHost({ argv: 'do' });
    let seen: Context | undefined;
    await run(
      host,
      doing((context) => {
        seen = context;
        return ExitCode.ok;
      }),
    );
    assert.deepEqual(
      [seen?.programName, seen?.build, seen?.platform, seen?.signal === host.signal, seen?.connectionOptions],
      ['kubectl kserve', host.build, 'linux', true, {}],
    );
  });
});

function thrownBy(bug: () => unknown): unknown {
  try {
    return bug();
  } catch (error) {
    return error;
  }
}
