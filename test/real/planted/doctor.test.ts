import assert from 'node:assert/strict';
import type { Connection } from '../../../src/cluster/cluster.ts';
import type { Kserve } from '../../../tools/control-plane/kserve/kserve.ts';
import { type Planted, plantAll, plantAlone } from '../../../tools/planted/plant.ts';
import { PLANTED_FAILURES } from '../../../tools/planted/planted-failures.ts';
import { recordNamespace } from '../../../tools/planted/record.ts';
import { binding, grant } from '../../../tools/rbac-objects.ts';
import { connectReal } from '../../support/connect-real.ts';
import { describeKserve } from '../../support/describe-real.ts';
import { untilAuthorizerSaw } from '../../support/rbac-barrier.ts';
import { assertReport } from '../../support/report-schema.ts';
import { runCli } from '../../support/run-cli.ts';

const TIMEOUT_MS = 300_000;
const SERVING = 'serving.kserve.io';

/** Codes that repeat what KServe says and name no cause: all that can be said where objects may not be read. */
const NO_ROOT = ['not-ready', 'no-supporting-runtime', 'model-load-failed', 'route-not-ready'];
/** A minute later, when what has not happened yet is no longer only slow. */
const LATER_MS = 60_000;

const READERS = ['administrator', 'namespace admin', 'reader of InferenceServices alone'] as const;
type Reader = (typeof READERS)[number];

describeKserve('doctor, of failures planted in a running KServe', (kserve) => {
  const connections = new Map<Reader, Connection>();
  before(async () => {
    const users = {
      administrator: kserve().users.admin,
      'namespace admin': await kserve().addUser('nina'),
      [READERS[2]]: await kserve().addUser('rob'),
    };
    for (const reader of READERS) connections.set(reader, await connectReal(kserve(), users[reader]));
  });
  after(() => {
    for (const connection of connections.values()) connection.close();
  });

  // First: a preset cannot be deleted while services use it.
  for (const failure of PLANTED_FAILURES.filter(({ cluster }) => cluster !== undefined)) {
    it(`${failure.name}: ${failure.code}`, async function () {
      this.timeout(TIMEOUT_MS);
      await plantAlone(kserve(), failure, async (planted) => {
        await allow(kserve(), [planted]);
        for (const reader of READERS) await expectRoot(planted, reader);
      });
    });
  }

  describe('side by side', () => {
    const failures = PLANTED_FAILURES.filter(({ cluster }) => cluster === undefined);
    let all: readonly Planted[];
    before(async function () {
      this.timeout(TIMEOUT_MS);
      all = await plantAll(kserve(), failures);
      await allow(kserve(), all);
    });
    for (const [index, { name, code }] of failures.entries()) {
      for (const reader of READERS) it(`${name}: ${code}, for the ${reader}`, () => expectRoot(all[index] as Planted, reader));
    }
  });

  async function expectRoot(planted: Planted, reader: Reader): Promise<void> {
    const { code, evidence } = planted.failure;
    const { findings, unread } = await doctor(planted, connections.get(reader) as Connection);
    const [first] = findings.filter(({ severity }) => code !== 'ok' || severity !== 'info');
    if (reader !== 'administrator' && first?.code !== code && unread.length > 0) {
      assert.ok(first === undefined || NO_ROOT.includes(first.code), `${reader}: ${JSON.stringify(first, null, 1)}`);
      return;
    }
    assert.equal(first?.code ?? 'ok', code, `${reader}: ${JSON.stringify({ findings, unread }, null, 1)}`);
    if (unread.length > 0) return;
    const quoted = JSON.stringify(findings);
    for (const text of evidence) assert.ok(quoted.includes(inJson(text)), `${text} is quoted by no finding: ${quoted}`);
    // What there is to quote was really there.
    const objects = JSON.stringify(await recordNamespace(kserve().admin, planted.namespace));
    for (const text of evidence) assert.ok(objects.includes(inJson(text)), `${text} is nowhere in the namespace`);
  }
});

interface Report {
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
  readonly unread: readonly object[];
}

async function doctor({ kind, name, namespace }: Planted, connection: Connection): Promise<Report> {
  const argv = `doctor ${kind.toLowerCase()}/${name} -n ${namespace} -o json`;
  const { stdout, stderr } = await runCli({
    argv,
    cluster: connection.cluster,
    connection: { namespace },
    now: new Date(Date.now() + LATER_MS),
  });
  assert.notEqual(stdout, '', stderr);
  assertReport(stdout, argv);
  return JSON.parse(stdout) as Report;
}

/** Lets the two who are no administrators read what is theirs in the namespaces. */
async function allow({ admin }: Kserve, planted: readonly Planted[]): Promise<void> {
  for (const { namespace } of planted) {
    await admin.apply(
      binding('nina-admin', { namespace }, { kind: 'ClusterRole', name: 'admin' }, 'nina'),
      ...grant('nina-models', 'nina', { namespace }, ['*'], `*.${SERVING}`),
      ...grant('reader', 'rob', { namespace }, ['get'], `inferenceservices.${SERVING}`, `llminferenceservices.${SERVING}`),
    );
  }
  await untilAuthorizerSaw(admin, planted.at(-1)?.namespace ?? '');
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
