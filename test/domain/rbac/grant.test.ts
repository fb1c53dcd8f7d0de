import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { type RbacSubject, subjectOf } from '../../../src/domain/kubernetes/identity.ts';
import { subjectSlug } from '../../../src/domain/kubernetes/object-name.ts';
import type { AccessRequest, ResourceAccessRequest } from '../../../src/domain/rbac/access-review.ts';
import { authorize, type RbacObjects } from '../../../src/domain/rbac/authorizer.ts';
import { explainScope, grantHint, leastGrant, roleNames } from '../../../src/domain/rbac/grant.ts';
import { grantCommand } from '../../../src/domain/rbac/grant-command.ts';
import { createdBy, SHORT_NAMES } from '../../support/created-by.ts';
import { skipOnWindows } from '../../support/skip.ts';

const GROUP = 'serving.kserve.io';
const CSR = { group: GROUP, plural: 'clusterservingruntimes', kind: 'ClusterServingRuntime', namespaced: false };
const SR = { group: GROUP, plural: 'servingruntimes', kind: 'ServingRuntime', namespaced: true };
const KINDS = [CSR, SR];
const ANA = subjectOf('ana');

function ask(verb: string, resource: string, namespace: string, more: Partial<ResourceAccessRequest> = {}): AccessRequest {
  return { verb, group: GROUP, resource, namespace, ...more };
}

function read(resource: string, namespace: string): readonly AccessRequest[] {
  return ['list', 'watch', 'get'].map((verb) => ask(verb, resource, namespace));
}

function commands(requests: readonly AccessRequest[], subject: RbacSubject = ANA): readonly string[] {
  return leastGrant(requests, subject, { kinds: KINDS }).commands;
}

describe('leastGrant', () => {
  it('grants a cluster-scoped kind by a ClusterRoleBinding, and says why', () => {
    assert.equal(
      grantHint(read('clusterservingruntimes', ''), ANA, { kinds: KINDS }),
      [
        'ClusterServingRuntime is cluster-scoped, so only a ClusterRoleBinding can grant it. An administrator can run:',
        '  kubectl create clusterrole clusterservingruntime-reader --verb=get,list,watch --resource=clusterservingruntimes.serving.kserve.io',
        '  kubectl create clusterrolebinding clusterservingruntime-reader-ana --clusterrole=clusterservingruntime-reader --user=ana',
      ].join('\n'),
    );
  });

  it('grants in one namespace by a Role', () => {
    assert.deepEqual(commands(read('servingruntimes', 'a'), subjectOf('system:serviceaccount:team-a:default-editor')), [
      'kubectl create role servingruntime-reader -n a --verb=get,list,watch --resource=servingruntimes.serving.kserve.io',
      'kubectl create rolebinding servingruntime-reader-team-a.default-editor -n a --role=servingruntime-reader --serviceaccount=team-a:default-editor',
    ]);
  });

  it('shares one ClusterRole between namespaces with equal needs', () => {
    assert.deepEqual(commands([...read('servingruntimes', 'b'), ...read('servingruntimes', 'a')], { kind: 'Group', name: 'ml' }), [
      'kubectl create clusterrole servingruntime-reader --verb=get,list,watch --resource=servingruntimes.serving.kserve.io',
      'kubectl create rolebinding servingruntime-reader-group-ml -n a --clusterrole=servingruntime-reader --group=ml',
      'kubectl create rolebinding servingruntime-reader-group-ml -n b --clusterrole=servingruntime-reader --group=ml',
    ]);
  });

  it('leaves out in a namespace what the cluster-wide part grants anyway', () => {
    const { objects } = leastGrant(
      [ask('list', 'servingruntimes', ''), ask('list', 'servingruntimes', 'a'), ask('get', 'servingruntimes', 'a')],
      ANA,
    );
    const wide = objects.filter(({ metadata }) => metadata.namespace === undefined);
    const local = objects.filter(({ metadata }) => metadata.namespace === 'a');
    assert.deepEqual(
      wide.map(({ kind }) => kind),
      ['ClusterRole', 'ClusterRoleBinding'],
    );
    assert.deepEqual(
      local.map((object) => ('rules' in object ? object.rules : object.kind)),
      [[{ apiGroups: [GROUP], resources: ['servingruntimes'], verbs: ['get'] }], 'RoleBinding'],
    );
  });

  it('never makes a cross product: different needs are different rules of one role', () => {
    const requests = [
      ask('list', 'servingruntimes', 'a'),
      ask('get', 'inferenceservices', 'a'),
      { ...ask('get', 'pods', 'a', { subresource: 'log' }), group: '' },
    ];
    const [role, binding] = commands(requests as AccessRequest[]);
    assert.equal(
      role?.replace(/kserve-[0-9a-f]{10}/, 'NAME'),
      [
        "kubectl apply -f - <<'EOF'",
        'apiVersion: rbac.authorization.k8s.io/v1',
        'kind: Role',
        'metadata:',
        '  name: NAME',
        '  namespace: a',
        'rules:',
        '- apiGroups: [""]',
        '  resources: ["pods/log"]',
        '  verbs: [get]',
        '- apiGroups: [serving.kserve.io]',
        '  resources: [inferenceservices]',
        '  verbs: [get]',
        '- apiGroups: [serving.kserve.io]',
        '  resources: [servingruntimes]',
        '  verbs: [list]',
        'EOF',
      ].join('\n'),
    );
    assert.match(binding ?? '', /^kubectl create rolebinding kserve-[0-9a-f]{10}-ana -n a --role=kserve-[0-9a-f]{10} --user=ana$/);
  });

  it('limits to names what was asked by name, but never create', () => {
    const { objects } = leastGrant(
      [ask('get', 'servingruntimes', 'a', { name: 'x' }), ask('create', 'servingruntimes', 'a', { name: 'x' })],
      ANA,
    );
    assert.deepEqual('rules' in (objects[0] ?? {}) && (objects[0] as { rules: unknown }).rules, [
      { apiGroups: [GROUP], resources: ['servingruntimes'], resourceNames: ['x'], verbs: ['get'] },
      { apiGroups: [GROUP], resources: ['servingruntimes'], verbs: ['create'] },
    ]);
  });

  it('quotes what a shell would take apart', () => {
    const [, binding] = commands(read('servingruntimes', 'a'), { kind: 'User', name: "O'Neil $(id)" });
    assert.match(binding ?? '', /--user='O'\\''Neil \$\(id\)'$/);
  });

  it('binds to a role that is there, and keeps clear of one that holds something else', () => {
    const at = (name: string, exists: boolean): readonly string[] => {
      const rolePlaces = new Map([['servingruntime-reader', { name, exists }]]);
      return leastGrant(read('servingruntimes', 'a'), ANA, { kinds: KINDS, rolePlaces }).commands;
    };
    assert.deepEqual(at('servingruntime-reader', true), [
      'kubectl create rolebinding servingruntime-reader-ana -n a --role=servingruntime-reader --user=ana',
    ]);
    assert.deepEqual(at('other', false), [
      'kubectl create role other -n a --verb=get,list,watch --resource=servingruntimes.serving.kserve.io',
      'kubectl create rolebinding other-ana -n a --role=other --user=ana',
    ]);
  });

  it('has a different other name for each attempt', () => {
    const [role] = leastGrant(read('servingruntimes', 'a'), ANA, { kinds: KINDS }).objects;
    assert.ok(role !== undefined && 'rules' in role);
    const [usual, ...others] = roleNames(role);
    assert.equal(usual, 'servingruntime-reader');
    assert.equal(new Set(others).size, 3);
    for (const other of others) assert.match(other, /^servingruntime-reader\.[0-9a-f]{10}$/);
  });

  it('explains nothing where a RoleBinding would do', () => {
    assert.equal(explainScope(read('servingruntimes', 'a'), KINDS), undefined);
    const namespaces = { group: '', plural: 'namespaces', kind: 'Namespace', namespaced: false };
    const oneNamespace = { verb: 'get', group: '', resource: 'namespaces', namespace: 'x', name: 'x' };
    assert.equal(explainScope([oneNamespace], [namespaces]), undefined);
    assert.equal(explainScope(read('servingruntimes', ''), KINDS), 'All namespaces at once can only be granted by a ClusterRoleBinding.');
  });

  const name = fc.constantFrom('x', 'y');
  const request: fc.Arbitrary<AccessRequest> = fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .record({
          verb: fc.constantFrom('get', 'list', 'watch', 'create', 'update', 'deletecollection'),
          group: fc.constantFrom('', GROUP, 'apps'),
          resource: fc.constantFrom('servingruntimes', 'pods', 'clusterservingruntimes'),
          namespace: fc.constantFrom('', 'a', 'b', 'c'),
        })
        .chain((base) => fc.option(name, { nil: undefined }).map((chosen) => (chosen === undefined ? base : { ...base, name: chosen }))),
    },
    { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom('get', 'post'), path: fc.constantFrom('/healthz', '/foo') }) },
  );
  const identity = { user: 'ana', groups: ['system:authenticated'] };

  function toRbac(requests: readonly AccessRequest[]): RbacObjects {
    const { objects } = leastGrant(requests, ANA, { kinds: KINDS });
    const ofKind = <T>(kind: string): readonly T[] => objects.filter((object) => object.kind === kind) as unknown as readonly T[];
    return {
      roles: ofKind('Role'),
      clusterRoles: ofKind('ClusterRole'),
      roleBindings: ofKind('RoleBinding'),
      clusterRoleBindings: ofKind('ClusterRoleBinding'),
    };
  }

  it('grants every request, and not one more of all that could be asked', () => {
    const isUnnamed = (verb: string): boolean => verb === 'create' || verb === 'deletecollection';
    const seen = (one: AccessRequest): AccessRequest => ('path' in one || !isUnnamed(one.verb) ? one : { ...one, name: '' });
    const covers = (given: AccessRequest, one: AccessRequest): boolean => {
      if ('path' in given || 'path' in one) return JSON.stringify(given) === JSON.stringify(one);
      const sameKind = given.verb === one.verb && given.group === one.group && given.resource === one.resource;
      return sameKind && (given.namespace === '' || given.namespace === one.namespace) && (!given.name || given.name === one.name);
    };
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 8 }), fc.array(request, { maxLength: 20 }), (requests, others) => {
        const rbac = toRbac(requests);
        const expected = (one: AccessRequest): boolean => requests.some((given) => covers(seen(given), seen(one)));
        for (const one of [...requests, ...others])
          assert.equal(authorize(identity, seen(one), rbac).allowed, expected(one), JSON.stringify(one));
      }),
    );
  });

  it('depends on the set of requests only', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 8 }), (requests) => {
        assert.deepEqual(leastGrant([...requests].reverse(), ANA), leastGrant(requests, ANA));
        assert.deepEqual(leastGrant([...requests, ...requests], ANA), leastGrant(requests, ANA));
      }),
    );
  });

  it('gives different roles different names, so that one grant never replaces another', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 4 }), fc.array(request, { minLength: 1, maxLength: 4 }), (one, other) => {
        const roles = [one, other]
          .flatMap((requests) => leastGrant(requests, ANA, { kinds: KINDS }).objects)
          .filter((object) => 'rules' in object);
        for (const a of roles)
          for (const b of roles) {
            const isSameName = a.kind === b.kind && a.metadata.name === b.metadata.name;
            if (isSameName) assert.deepEqual(a.rules, b.rules);
          }
      }),
    );
  });
});

describe('subjectSlug', () => {
  const anyName = fc.oneof(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), fc.stringMatching(/^[a-z0-9.:@-]{1,80}$/));
  const subject: fc.Arbitrary<RbacSubject> = fc.oneof(
    fc.record({ kind: fc.constantFrom('User' as const, 'Group' as const), name: anyName }),
    fc.record({
      kind: fc.constant('ServiceAccount' as const),
      namespace: fc.stringMatching(/^[a-z]([a-z-]{0,20}[a-z])?$/),
      name: fc.stringMatching(/^[a-z]([a-z.-]{0,20}[a-z])?$/),
    }),
  );

  it('is a part of a valid object name, whatever the subject is called', () => {
    fc.assert(fc.property(subject, (one) => assert.match(subjectSlug(one), /^[a-z0-9][a-z0-9.-]{0,130}$/)));
    assert.equal(subjectSlug({ kind: 'User', name: 'x'.repeat(300) }).length, 63);
  });

  it('differs for different subjects', () => {
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        assert.notEqual(subjectSlug(one), subjectSlug(other));
      }),
    );
    const near: readonly RbacSubject[] = [
      { kind: 'User', name: 'ml' },
      { kind: 'Group', name: 'ml' },
      { kind: 'User', name: 'group-ml' },
      { kind: 'User', name: 'ML' },
      { kind: 'User', name: 'a.ml' },
      { kind: 'ServiceAccount', namespace: 'a', name: 'ml' },
      { kind: 'ServiceAccount', namespace: 'a', name: 'b.ml' },
      { kind: 'User', name: 'a:ml' },
      { kind: 'User', name: 'a@ml' },
    ];
    assert.equal(new Set(near.map(subjectSlug)).size, near.length);
  });
});

describe('the commands of a grant', () => {
  before(function () {
    skipOnWindows(this, 'shells of that kind');
  });

  /** What kubectl is started with, and what it reads from stdin. */
  function paste(command: string): { readonly words: readonly string[]; readonly input: string } {
    const script = `kubectl() { printf '%s\\0' "$@"; case "$*" in *'-f -'*) cat;; esac; }\n${command}\n`;
    const parts = execFileSync('bash', ['-c', script], { encoding: 'utf8', input: '' }).split('\0');
    return { words: parts.slice(0, -1), input: parts.at(-1) ?? '' };
  }

  const hostile = [
    "it's",
    'a b',
    '$(id)',
    '`id`',
    'a\nb',
    '\u001b[31m',
    'ü\u202e',
    "'\\'",
    '--user=x',
    '*',
    '~',
    '!x',
    '\\n',
    '%s',
    'a;id',
  ];

  it('give the shell exactly the words that were meant', () => {
    for (const name of [...hostile, 'a\u200bb', '\u00ad', '\u{e0041}']) {
      const [, binding = ''] = leastGrant(read('servingruntimes', 'a'), { kind: 'User', name }).commands;
      assert.equal(paste(binding).words.at(-1), `--user=${name}`);
      assert.doesNotMatch(binding, /[\p{C}\p{Zl}\p{Zp}]/u);
    }
  });

  it('quote every word, whatever came from the server or the user', () => {
    for (const text of hostile) {
      const request = { verb: text, group: GROUP, resource: text, namespace: text };
      const kind = { group: GROUP, plural: text, kind: text, namespaced: true };
      const { objects, commands } = leastGrant([request], { kind: 'Group', name: text }, { kinds: [kind] });
      const pasted = commands.map(paste);
      assert.deepEqual(pasted.map(createdBy), objects);
      assert.deepEqual(pasted[1]?.words.slice(0, 2), ['create', 'rolebinding']);
      assert.doesNotMatch(commands.join('').replaceAll('\n', ''), /[\p{C}\p{Zl}\p{Zp}]/u);
    }
  });

  /** What people and servers may write for a word: plain, near to what kubectl resolves or reads otherwise, and anything else. */
  const word = (...plain: readonly string[]): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...plain) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(...hostile, '"get"', 'a,b', 'get,*', 'x\r\ny', 'PODS', 'po', 'a.b', 'exec/nothing', 'a/b/c', '/', 'a/'),
      },
      { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) },
    );
  const anyRequest: fc.Arbitrary<AccessRequest> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record(
        {
          verb: word('get', 'list', 'create', 'deletecollection'),
          group: word('', GROUP, 'apps'),
          // What stands before a slash is the plural, and the rest is asked for as a subresource.
          resource: word('pods', 'servingruntimes')
            .map((text) => text.replaceAll('/', ''))
            .filter((text) => text !== ''),
          namespace: fc.constantFrom('', 'a', 'b'),
          subresource: word('exec', 'status'),
          name: word('x', 'y'),
        },
        { requiredKeys: ['verb', 'group', 'resource', 'namespace'] },
      ),
    },
    { weight: 1, arbitrary: fc.record({ verb: word('get', 'post'), path: word('/healthz', '/a/*') }) },
  );
  const anyone: fc.Arbitrary<RbacSubject> = fc.oneof(
    fc.record({ kind: fc.constantFrom('User' as const, 'Group' as const), name: word('ana', 'ml') }),
    fc.constant({ kind: 'ServiceAccount' as const, namespace: 'a', name: 'default' }),
  );

  it('create the objects of the grant and nothing else', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 5 }), anyone, (requests, subject) => {
        const unresolved = new Set(SHORT_NAMES.keys());
        const { objects, commands } = leastGrant(requests, subject, { unresolved });
        assert.deepEqual(
          commands.map((command) => createdBy(paste(command))),
          objects,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('grant a subresource as a whole: what stands behind its slash is a part of its name', () => {
    const [role = ''] = leastGrant(
      [{ verb: 'create', group: '', resource: 'pods', subresource: 'exec/nothing', namespace: 'a' }],
      ANA,
    ).commands;
    assert.match(role, / --resource=pods\/exec\/nothing$/);
  });

  it('leave nothing to resolve that nobody has looked up', () => {
    const request = { verb: 'get', group: '', resource: 'po', namespace: 'a' };
    const [role = ''] = leastGrant([request], ANA, { unresolved: new Set(['po']) }).commands;
    assert.match(role, /^kubectl apply [\s\S]*resources: \[po\]/);
  });

  it('name roles by valid object names, whatever a kind or a verb is called', () => {
    for (const text of [...hostile, 'x'.repeat(300), '', '.', '..', 'A']) {
      const request = { verb: text, group: GROUP, resource: 'servingruntimes', namespace: 'a' };
      for (const kind of [SR, { ...SR, kind: text }]) {
        for (const { metadata } of leastGrant([request], ANA, { kinds: [kind] }).objects) {
          assert.match(metadata.name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
          assert.ok(metadata.name.length <= 253);
        }
      }
    }
  });

  it('hold in YAML what no word of a command can', () => {
    const [, binding = ''] = leastGrant(read('servingruntimes', 'a'), { kind: 'User', name: 'ana\0evil' }, { kinds: KINDS }).commands;
    assert.equal(
      binding.replace(/ana-evil-[0-9a-f]{10}/, 'SLUG'),
      [
        "kubectl apply -f - <<'EOF'",
        'apiVersion: rbac.authorization.k8s.io/v1',
        'kind: RoleBinding',
        'metadata:',
        '  name: servingruntime-reader-SLUG',
        '  namespace: a',
        'roleRef:',
        '  apiGroup: rbac.authorization.k8s.io',
        '  kind: Role',
        '  name: servingruntime-reader',
        'subjects:',
        '- kind: User',
        '  apiGroup: rbac.authorization.k8s.io',
        '  name: "ana\\u0000evil"',
        'EOF',
      ].join('\n'),
    );
    const [role = ''] = leastGrant([ask('get', 'servingruntimes', 'a', { name: 'x\0y' })], ANA).commands;
    assert.match(role, /^kubectl apply [\s\S]*resourceNames: \["x\\u0000y"\]/);
  });

  it('take the flags of a connection along', () => {
    const { objects } = leastGrant(read('servingruntimes', 'a'), { kind: 'User', name: 'ana\0evil' }, { kinds: KINDS });
    const flags = ['--context=my prod', '--as=boss'];
    const [role = '', binding = ''] = objects.map((object) => grantCommand(object, { flags }));
    assert.equal(
      role,
      "kubectl create role servingruntime-reader -n a --verb=get,list,watch --resource=servingruntimes.serving.kserve.io --context='my prod' --as=boss",
    );
    assert.match(binding, /^kubectl apply -f - --context='my prod' --as=boss <<'EOF'\n/);
    assert.deepEqual(paste(binding).words, ['apply', '-f', '-', ...flags]);
  });
});
