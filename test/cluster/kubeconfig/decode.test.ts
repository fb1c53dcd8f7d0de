import assert from 'node:assert/strict';
import { decodeKubeconfig } from '../../../src/cluster/kubeconfig/decode.ts';
import { DecodeError } from '../../../src/documents/decode-error.ts';
import { decodeBase64 } from '../../../src/documents/go-base64.ts';
import { parseDocument } from '../../../src/documents/yaml.ts';

async function faultOf(text: string): Promise<string> {
  try {
    decodeKubeconfig(await parseDocument(text));
  } catch (cause) {
    if (cause instanceof DecodeError) return cause.message;
    throw cause;
  }
  return 'none';
}

/** `users[].user` etc. with a wrong type, as in kubectl 1.37. */
const STRICT: readonly (readonly [yaml: string, message: string])[] = [
  [
    'users: [{name: a, user: {token: 5, tokenFile: true}}]',
    'json: cannot unmarshal number into Go struct field AuthInfo.users.user.token of type string',
  ],
  [
    'users: [{name: a, user: {tokenFile: true}}]',
    'json: cannot unmarshal bool into Go struct field AuthInfo.users.user.tokenFile of type string',
  ],
  ['users: [{name: 5}]', 'json: cannot unmarshal number into Go struct field NamedAuthInfo.users.name of type string'],
  ['users: [{name: a, user: 5}]', 'json: cannot unmarshal number into Go struct field NamedAuthInfo.users.user of type v1.AuthInfo'],
  ['users: [5]', 'json: cannot unmarshal number into Go struct field Config.users of type v1.NamedAuthInfo'],
  ['users: {a: b}', 'json: cannot unmarshal object into Go struct field Config.users of type []v1.NamedAuthInfo'],
  ['users: [{user: {as-groups: [1]}}]', 'json: cannot unmarshal number into Go struct field AuthInfo.users.user.as-groups of type string'],
  ['users: [{user: {as-groups: x}}]', 'json: cannot unmarshal string into Go struct field AuthInfo.users.user.as-groups of type []string'],
  [
    'users: [{user: {as-user-extra: {a: x}}}]',
    'json: cannot unmarshal string into Go struct field AuthInfo.users.user.as-user-extra of type []string',
  ],
  [
    'users: [{user: {as-user-extra: x}}]',
    'json: cannot unmarshal string into Go struct field AuthInfo.users.user.as-user-extra of type map[string][]string',
  ],
  [
    'users: [{user: {auth-provider: {config: {a: 1}}}}]',
    'json: cannot unmarshal number into Go struct field AuthProviderConfig.users.user.auth-provider.config of type string',
  ],
  [
    'users: [{user: {exec: {args: [1], command: 5}}}]',
    'json: cannot unmarshal number into Go struct field ExecConfig.users.user.exec.args of type string',
  ],
  [
    'users: [{user: {exec: {env: [{name: 5}]}}}]',
    'json: cannot unmarshal number into Go struct field ExecEnvVar.users.user.exec.env.name of type string',
  ],
  [
    'users: [{user: {exec: {provideClusterInfo: "x"}}}]',
    'json: cannot unmarshal string into Go struct field ExecConfig.users.user.exec.provideClusterInfo of type bool',
  ],
  [
    'clusters: [{cluster: {insecure-skip-tls-verify: "true"}}]',
    'json: cannot unmarshal string into Go struct field Cluster.clusters.cluster.insecure-skip-tls-verify of type bool',
  ],
  [
    'clusters: [{cluster: {certificate-authority-data: 5}}]',
    'json: cannot unmarshal number into Go struct field Cluster.clusters.cluster.certificate-authority-data of type []uint8',
  ],
  [
    'clusters: [{cluster: {server: 0o17}}]',
    'json: cannot unmarshal number into Go struct field Cluster.clusters.cluster.server of type string',
  ],
  [
    'contexts: [{context: {extensions: 5}}]',
    'json: cannot unmarshal number into Go struct field Context.contexts.context.extensions of type []v1.NamedExtension',
  ],
  ['preferences: {colors: 5}', 'json: cannot unmarshal number into Go struct field Preferences.preferences.colors of type bool'],
  ['current-context: yes', 'json: cannot unmarshal bool into Go struct field Config.current-context of type string'],
  ['current-context: {}', 'json: cannot unmarshal object into Go struct field Config.current-context of type string'],
  ['current-context: []', 'json: cannot unmarshal array into Go struct field Config.current-context of type string'],
  ['kind: 5', "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string"],
  ['[a]', "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct"],
  ['foo', "couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct"],
  ['{kind: Pod, apiVersion: v1}', 'no kind "Pod" is registered for version "v1"'],
  ['apiVersion: v2', 'no kind "Config" is registered for version "v2"'],
  ['clusters: [{name: a}, {name: a}]', 'duplicate name "a" in list'],
  ['users: [{name: a, user: {token: s3cret}}, {name: a}]', 'duplicate name "a" in list'],
  ['contexts: [{name: a}, {name: a}]', 'duplicate name "a" in list'],
  ['users: [{}, {}]', 'duplicate name "" in list'],
  ['contexts: [{context: {extensions: [{name: a}, {name: a}]}}]', 'duplicate name "a" in list'],
];

describe('kubeconfig-decode', () => {
  for (const [yaml, message] of STRICT) {
    it(`refuses ${yaml}`, async () => assert.equal(await faultOf(yaml), message));
  }

  it('names the line of what is no YAML', async () => {
    assert.match(await faultOf('users:\n- name: a\n  user: b: c\n'), /^yaml: line 3: /);
  });

  for (const empty of ['', '# nothing\n', 'null', '{}', '\ufeff', 'kind: Config', 'users: null\nclusters: []', 'users: ~', 'Users: [5]']) {
    it(`takes ${JSON.stringify(empty)} as an empty configuration`, async () => {
      const { currentContext, clusters, users, contexts } = decodeKubeconfig(await parseDocument(empty));
      assert.deepEqual([currentContext, clusters.size, users.size, contexts.size], ['', 0, 0, 0]);
    });
  }

  it('reads YAML 1.1 as Go does', async () => {
    const yaml = 'a: [on, Y, off, 12:30, 2020-01-01, 017, 0o17, 0x1F, 1_000, 089, .5, 1e3, +1, "5", 5.]';
    assert.deepEqual(await parseDocument(yaml), {
      a: [true, true, false, '12:30', '2020-01-01', 15, 15, 31, 1000, 89, 0.5, 1000, 1, '5', 5],
    });
  });

  it('follows merge keys; the last of repeated keys wins; only the first document counts', async () => {
    const yaml = 'base: &b {x: 1, z: 2}\nmerged: {<<: *b, z: 3}\nk: 1\nk: 2\n---\nother: 1\n';
    assert.deepEqual(await parseDocument(yaml), { base: { x: 1, z: 2 }, merged: { x: 1, z: 3 }, k: 2 });
  });

  it('reads a flow mapping that is not JSON', async () => {
    assert.deepEqual(await parseDocument('{a: 1}'), { a: 1 });
  });

  it('gives interactiveMode a default for the beta versions only', () => {
    const modeOf = (apiVersion: string) =>
      decodeKubeconfig({ users: [{ name: 'a', user: { exec: { apiVersion: `client.authentication.k8s.io/${apiVersion}` } } }] }).users.get(
        'a',
      )?.exec?.interactiveMode;
    assert.deepEqual(['v1', 'v1beta1', 'v1alpha1'].map(modeOf), [undefined, 'IfAvailable', 'IfAvailable']);
  });
});

describe('go-base64', () => {
  for (const [encoded, index] of [
    ['YW$j', 2],
    ['YWJ', 0],
    ['YWJj\nYWJ', 5],
    ['YWJ_', 3],
    ['YQ==YQ==', 4],
    ['Y===', 1],
    ['YQ=x', 2],
    ['YQ=', 3],
    ['YWJj=', 4],
    ['YWI=YWI=', 4],
    [' YWJj', 0],
  ] as const) {
    it(`refuses ${JSON.stringify(encoded)} at byte ${index}`, () => {
      assert.throws(() => decodeBase64(encoded), { message: `illegal base64 data at input byte ${index}` });
    });
  }

  for (const [encoded, decoded] of [
    ['', ''],
    ['YQ==', 'a'],
    ['YWI=\n', 'ab'],
    ['YW\r\nJj\n', 'abc'],
    ['YQ=\n=', 'a'],
  ] as const) {
    it(`decodes ${JSON.stringify(encoded)}`, () => assert.equal(decodeBase64(encoded).toString(), decoded));
  }
});
