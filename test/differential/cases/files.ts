import { type Case, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';

const NOTHING_CONFIGURED = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?';

/** docs/connection.md 2.1: which files are read. */
export const fileCases: readonly Case[] = [
  {
    section: '2.1',
    name: 'without flag and KUBECONFIG it is ~/.kube/config',
    given: (api, { clusterOf }) => ({ config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }) }),
    sees: {
      authorization: `Bearer ${secret('home')}`,
      path: '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes',
      query: { limit: '500' },
      impersonation: [],
      clientCertificate: undefined,
      acceptsGzip: true,
    },
  },
  {
    section: '2.1',
    name: 'the flag wins over KUBECONFIG and home',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      files: {
        flagged: kubeconfig({ cluster: clusterOf(api), user: { token: secret('flagged') } }),
        environment: kubeconfig({ cluster: clusterOf(api), user: { token: secret('environment') } }),
      },
      env: { KUBECONFIG: 'DIR/environment' },
      flags: ['--kubeconfig', 'flagged'],
    }),
    sees: { authorization: `Bearer ${secret('flagged')}` },
  },
  {
    section: '2.1',
    name: 'KUBECONFIG wins over home, and may be relative',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      files: { 'sub/environment': kubeconfig({ cluster: clusterOf(api), user: { token: secret('environment') } }) },
      env: { KUBECONFIG: 'sub/environment' },
    }),
    sees: { authorization: `Bearer ${secret('environment')}` },
  },
  {
    section: '2.1',
    name: 'a flagged file must exist',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      flags: ['--kubeconfig=DIR/none'],
    }),
    fails: 'error: stat DIR/none: no such file or directory',
  },
  {
    section: '2.1',
    name: 'the flag is never split',
    given: (api, { clusterOf }) => ({
      files: {
        a: kubeconfig({ cluster: clusterOf(api), user: { token: secret('a') } }),
        b: kubeconfig({ cluster: clusterOf(api), user: { token: secret('b') } }),
      },
      flags: ['--kubeconfig=DIR/a:DIR/b'],
    }),
    fails: 'error: stat DIR/a:DIR/b: no such file or directory',
  },
  {
    section: '2.1',
    name: 'an empty flag counts as not given',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      flags: ['--kubeconfig='],
    }),
    sees: { authorization: `Bearer ${secret('home')}` },
  },
  {
    section: '2.1',
    name: 'an empty KUBECONFIG counts as not set',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      env: { KUBECONFIG: '' },
    }),
    sees: { authorization: `Bearer ${secret('home')}` },
  },
  {
    section: '2.1',
    name: 'the list drops empty parts, repeats and missing files',
    given: (api, { clusterOf }) => ({
      files: {
        a: kubeconfig({ top: { clusters: [{ name: 'c', cluster: clusterOf(api) }], users: [], contexts: [] } }),
        b: kubeconfig({ user: { token: secret('b') }, top: { clusters: [] } }),
      },
      env: { KUBECONFIG: ':DIR/none:DIR/a::DIR/b:DIR/a:' },
    }),
    sees: { authorization: `Bearer ${secret('b')}` },
  },
  {
    section: '2.1',
    name: 'a list of separators only leads nowhere, not home',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      env: { KUBECONFIG: '::' },
      flags: ['--token', secret('flag')],
    }),
    fails: NOTHING_CONFIGURED,
  },
  {
    section: '2.1',
    name: 'a tilde is not expanded',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      env: { KUBECONFIG: '~/.kube/config' },
      flags: ['--token', secret('flag')],
    }),
    fails: NOTHING_CONFIGURED,
  },
  {
    section: '2.1',
    name: 'without HOME it is .kube/config in the working folder',
    given: (api, { clusterOf }) => ({
      files: { '.kube/config': kubeconfig({ cluster: clusterOf(api), user: { token: secret('here') } }) },
      env: { HOME: undefined },
    }),
    sees: { authorization: `Bearer ${secret('here')}` },
  },
  {
    section: '2.1',
    name: 'no file at all leads to localhost:8080',
    given: () => ({ flags: ['--token', secret('flag')] }),
    fails: NOTHING_CONFIGURED,
  },
  {
    section: '2.1',
    name: 'a folder in the list is fatal',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      files: { folder: { folder: true } },
      env: { KUBECONFIG: 'DIR/home/.kube/config:DIR/folder' },
    }),
    fails: 'error loading config file "DIR/folder": read DIR/folder: is a directory',
  },
  {
    section: '2.1',
    name: 'a broken file is fatal although it is not needed',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      files: { broken: 'apiVersion: v1\nkind: Config\nusers: [\n' },
      env: { KUBECONFIG: 'DIR/home/.kube/config:DIR/broken' },
    }),
    fails: 'error loading config file "DIR/broken": yaml: ',
  },
  {
    section: '2.1',
    name: 'a file without permission is fatal',
    needs: 'file permissions',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      files: { closed: { json: {}, mode: 0 } },
      env: { KUBECONFIG: 'DIR/home/.kube/config:DIR/closed' },
      withoutPrivileges: true,
    }),
    fails: 'error loading config file "DIR/closed": open DIR/closed: permission denied',
  },
  {
    section: '2.1',
    name: 'a link that leads nowhere counts as missing',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      files: { link: { linkTo: 'nowhere' } },
      env: { KUBECONFIG: 'DIR/link:DIR/home/.kube/config' },
    }),
    sees: { authorization: `Bearer ${secret('home')}` },
  },
  {
    section: '2.1',
    name: 'a file below a file counts as a fault',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('home') } }),
      env: { KUBECONFIG: 'DIR/home/.kube/config/below:DIR/home/.kube/config' },
    }),
    fails: 'error loading config file "DIR/home/.kube/config/below": open DIR/home/.kube/config/below: not a directory',
  },
  {
    section: '6.3',
    name: 'the file of the oldest releases is not copied',
    given: (api, { clusterOf }) => ({
      files: { 'home/.kube/.kubeconfig': kubeconfig({ cluster: clusterOf(api), user: { token: secret('ancient') } }) },
      flags: ['--token', secret('flag')],
    }),
    sees: { authorization: `Bearer ${secret('flag')}` },
    differs: { id: 'no-migration', fails: NOTHING_CONFIGURED },
  },
];
