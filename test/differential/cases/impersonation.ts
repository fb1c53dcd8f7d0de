import { type Case, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';

function impersonation(name: string, entry: object, flags: readonly string[], lines: readonly string[]): Case {
  return {
    section: '3.3',
    name,
    given: (api, { clusterOf }) => ({ config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u'), ...entry } }), flags }),
    sees: { impersonation: [...lines].sort(), authorization: `Bearer ${secret('u')}` },
  };
}

/** As Node shows a header's bytes. */
const latin1 = (text: string) => Buffer.from(text).toString('latin1');

/** docs/connection.md 3.3: acting as somebody else. */
export const impersonationCases: readonly Case[] = [
  impersonation('--as', {}, ['--as=bob'], ['impersonate-user: bob']),
  impersonation('as of the entry', { as: 'bob' }, [], ['impersonate-user: bob']),
  impersonation(
    'each group in a line of its own',
    {},
    ['--as=bob', '--as-group=g1', '--as-group', 'g2'],
    ['impersonate-group: g1', 'impersonate-group: g2', 'impersonate-user: bob'],
  ),
  impersonation(
    'commas in groups are not split',
    {},
    ['--as=bob', '--as-group=g1,g2'],
    ['impersonate-group: g1,g2', 'impersonate-user: bob'],
  ),
  impersonation('--as-uid', {}, ['--as=bob', '--as-uid=7-7'], ['impersonate-uid: 7-7', 'impersonate-user: bob']),
  impersonation(
    'as-uid, as-groups and as-user-extra of the entry',
    { as: 'bob', 'as-uid': '7', 'as-groups': ['g'], 'as-user-extra': { scopes: ['a', 'b'] } },
    [],
    ['impersonate-extra-scopes: a', 'impersonate-extra-scopes: b', 'impersonate-group: g', 'impersonate-uid: 7', 'impersonate-user: bob'],
  ),
  impersonation(
    'keys of extra are escaped',
    { as: 'bob', 'as-user-extra': { 'example.com/a b%c': ['v'], grün: ['w'] } },
    [],
    ['impersonate-extra-example.com%2fa%20b%25c: v', 'impersonate-extra-gr%c3%bcn: w', 'impersonate-user: bob'],
  ),
  impersonation(
    'keys of extra in upper case',
    { as: 'bob', 'as-user-extra': { UpperCase: ['v'] } },
    [],
    ['impersonate-extra-uppercase: v', 'impersonate-user: bob'],
  ),
  impersonation(
    'values are UTF-8 bytes',
    {},
    ['--as=jürgen', '--as-group=Größe 世界'],
    [`impersonate-group: ${latin1('Größe 世界')}`, `impersonate-user: ${latin1('jürgen')}`],
  ),
  impersonation(
    'a service account',
    {},
    ['--as=system:serviceaccount:team:runner'],
    ['impersonate-user: system:serviceaccount:team:runner'],
  ),
  impersonation(
    '--as-user-extra repeats and may hold equals signs',
    {},
    ['--as=bob', '--as-user-extra=k=v=w', '--as-user-extra', 'k=x'],
    ['impersonate-extra-k: v=w', 'impersonate-extra-k: x', 'impersonate-user: bob'],
  ),
  impersonation('--as-user-extra without an equals sign is ignored', {}, ['--as=bob', '--as-user-extra=k'], ['impersonate-user: bob']),
  impersonation('an empty --as keeps that of the entry', { as: 'bob' }, ['--as='], ['impersonate-user: bob']),
  impersonation(
    'an empty --as-group',
    { as: 'bob', 'as-groups': ['g'] },
    ['--as-group='],
    ['impersonate-group: ', 'impersonate-user: bob'],
  ),
  {
    section: '3.3',
    name: 'a line break in a user is refused',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('u') } }),
      flags: ['--as=a\nb'],
    }),
    fails: 'net/http: invalid header field value for "Impersonate-User"',
  },
];
