import { type Case, type Given, kubeconfig } from '../case.ts';
import { idToken } from '../identity-provider.ts';
import { secret } from '../secrets.ts';
import { base64, type World } from '../world.ts';

const HOUR = 3600;

interface Provider {
  readonly refusesBasic?: boolean;
  readonly error?: string;
  readonly redirects?: boolean;
  readonly refreshToken?: string;
}

/** A user of the OIDC provider; `config` gets the provider's URL and the token it will give. */
function oidc(
  name: string,
  { provider = {}, config, given = {} }: { provider?: Provider; config: (url: string, world: World) => object; given?: Given },
  expected: Pick<Case, 'sees' | 'fails' | 'differs'> = {},
): Case {
  return {
    section: '3.2',
    name,
    given: async (api, world) => {
      const { url } = await world.identityProvider({ ...provider, idToken: idToken(secret('fresh'), HOUR) });
      const user = { 'auth-provider': { name: 'oidc', config: config(url, world) } };
      return {
        config: { ...kubeconfig({ cluster: world.clusterOf(api), user }), mode: 0o640 },
        watch: ['home/.kube/config'],
        ...given,
      };
    },
    ...expected,
  };
}

const client = (url: string, { pki }: World) => ({
  'idp-issuer-url': url,
  'client-id': 'me',
  'client-secret': secret('client'),
  'idp-certificate-authority-data': base64(pki.root.certificate),
});

/** docs/connection.md 3.2: the built-in OpenID Connect client. */
export const oidcCases: readonly Case[] = [
  oidc('an id-token that is good is sent', {
    config: (url, world) => ({ ...client(url, world), 'id-token': idToken(secret('held'), HOUR) }),
  }),
  oidc(
    'an id-token that has expired without a refresh-token',
    { config: (url, world) => ({ ...client(url, world), 'id-token': idToken(secret('held'), -HOUR) }) },
    {
      fails: 'No valid id-token, and cannot refresh without refresh-token',
    },
  ),
  oidc('no id-token and no refresh-token', { config: client }, { fails: 'No valid id-token, and cannot refresh without refresh-token' }),
  oidc('an id-token that has expired is refreshed and written back', {
    config: (url, world) => ({ ...client(url, world), 'id-token': idToken(secret('held'), -HOUR), 'refresh-token': secret('refresh') }),
  }),
  oidc('an id-token in its last seconds is refreshed', {
    config: (url, world) => ({ ...client(url, world), 'id-token': idToken(secret('held'), 5), 'refresh-token': secret('refresh') }),
  }),
  oidc('a changed refresh-token is written back', {
    provider: { refreshToken: secret('rotated') },
    config: (url, world) => ({ ...client(url, world), 'refresh-token': secret('refresh') }),
  }),
  oidc('a provider that wants client credentials in the body', {
    provider: { refusesBasic: true },
    config: (url, world) => ({ ...client(url, world), 'refresh-token': secret('refresh') }),
  }),
  oidc('no client-secret', {
    config: (url, world) => ({ ...client(url, world), 'client-secret': undefined, 'refresh-token': secret('refresh') }),
  }),
  oidc('characters that need encoding in client-id and client-secret', {
    config: (url, world) => ({
      ...client(url, world),
      'client-id': 'a b:c',
      'client-secret': `${secret('x')}/+ä`,
      'refresh-token': secret('refresh'),
    }),
  }),
  oidc(
    'a provider that refuses to refresh',
    {
      provider: { error: 'invalid_grant' },
      config: (url, world) => ({ ...client(url, world), 'refresh-token': secret('refresh') }),
    },
    { fails: 'failed to refresh token: ' },
  ),
  oidc(
    'a token request that is redirected is followed by kubectl only',
    {
      provider: { redirects: true },
      config: (url, world) => ({ ...client(url, world), 'refresh-token': secret('refresh') }),
    },
    { differs: { id: 'redirected-write', fails: 'the server redirects a POST request, which is not followed' } },
  ),
  oidc(
    'a provider that the authority does not vouch for',
    {
      config: (url, world) => ({
        ...client(url, world),
        'idp-certificate-authority-data': base64(world.pki.stranger.certificate),
        'refresh-token': secret('refresh'),
      }),
    },
    { fails: 'x509: certificate signed by unknown authority' },
  ),
  oidc('a slash after the issuer', {
    config: (url, world) => ({ ...client(url, world), 'idp-issuer-url': `${url}/`, 'refresh-token': secret('refresh') }),
  }),
  oidc('idp-issuer-url is needed', { config: () => ({ 'client-id': 'me' }) }, { fails: 'Must provide idp-issuer-url' }),
  oidc('client-id is needed', { config: (url) => ({ 'idp-issuer-url': url }) }, { fails: 'Must provide client-id' }),
  {
    section: '3.2',
    name: 'the file that is written back may be a link',
    given: async (api, world) => {
      const { url } = await world.identityProvider({ idToken: idToken(secret('fresh'), HOUR) });
      const user = { 'auth-provider': { name: 'oidc', config: { ...client(url, world), 'refresh-token': secret('refresh') } } };
      return {
        files: {
          'home/.kube/config': { linkTo: '../real' },
          'home/real': { ...kubeconfig({ cluster: world.clusterOf(api), user }), mode: 0o600 },
        },
        watch: ['home/.kube/config', 'home/real'],
      };
    },
  },
  {
    section: '6.3',
    name: 'tokens that cannot be saved are used by ours all the same',
    given: async (api, world) => {
      const { url } = await world.identityProvider({ idToken: idToken(secret('fresh'), HOUR) });
      const user = { 'auth-provider': { name: 'oidc', config: { ...client(url, world), 'refresh-token': secret('refresh') } } };
      return { config: kubeconfig({ cluster: world.clusterOf(api), user }), files: { 'home/.kube/config.lock': '' } };
    },
    fails: 'config.lock: file exists',
    differs: { id: 'unsaved-tokens', sees: { path: '/apis/serving.kserve.io/v1alpha1/namespaces/team/servingruntimes' } },
  },
  {
    section: '3.2',
    name: 'tokens are written back to a file in UTF-16, which is in UTF-8 then',
    given: async (api, world) => {
      const { url } = await world.identityProvider({ idToken: idToken(secret('fresh'), HOUR), refreshToken: secret('rotated') });
      const user = { 'auth-provider': { name: 'oidc', config: { ...client(url, world), 'refresh-token': secret('refresh') } } };
      const { json } = kubeconfig({ cluster: world.clusterOf(api), user });
      return { config: Buffer.from(`\uFEFF${JSON.stringify(json, undefined, 1)}`, 'utf16le'), watch: ['home/.kube/config'] };
    },
  },
  {
    section: '3.2',
    name: 'only the file of the user is written',
    given: async (api, world) => {
      const { url } = await world.identityProvider({ idToken: idToken(secret('fresh'), HOUR) });
      const user = { 'auth-provider': { name: 'oidc', config: { ...client(url, world), 'refresh-token': secret('refresh') } } };
      return {
        files: {
          a: kubeconfig({ cluster: world.clusterOf(api), top: { users: [] } }),
          b: kubeconfig({ user, top: { clusters: [], contexts: [] } }),
        },
        env: { KUBECONFIG: 'DIR/a:DIR/b' },
        watch: ['a', 'b'],
      };
    },
  },
];
