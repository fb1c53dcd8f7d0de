import { type Case, kubeconfig } from '../case.ts';
import { secret } from '../secrets.ts';
import { base64 } from '../world.ts';

const AUTHORIZED = { authorization: `Bearer ${secret('text')}` };
const IN_FILE = 'error loading config file "DIR/home/.kube/config": ';

interface Parts {
  readonly server: string;
  readonly ca: string;
}

/** A config as a person writes it. */
function yaml(
  { server, ca }: Parts,
  { user = `token: ${secret('text')}`, cluster = '', head = 'apiVersion: v1\nkind: Config' } = {},
): string {
  return `${head}
clusters:
- name: c
  cluster:
    server: ${server}
    certificate-authority-data: ${ca}
${cluster}
users:
- name: u
  user:
    ${user}
contexts:
- name: x
  context: {cluster: c, user: u, namespace: team}
current-context: x
`;
}

/** A config given as text made from server and CA. */
function text(
  name: string,
  write: (parts: Parts) => string | Buffer,
  expected: Pick<Case, 'sees' | 'fails' | 'differs'> = { sees: AUTHORIZED },
): Case {
  return {
    section: '2.2',
    name,
    given: (api, { pki }) => ({ config: write({ server: api.url, ca: base64(pki.root.certificate) }) }),
    ...expected,
  };
}

/** A user's token written so; the second is what is sent, or in an error the type that it has. */
function token(name: string, written: string, sent: string): Case {
  return text(name, (parts) => yaml(parts, { user: `token: ${written}` }), { sees: { authorization: `Bearer ${sent}` } });
}

function refusedToken(name: string, written: string, type: string): Case {
  return text(name, (parts) => yaml(parts, { user: `token: ${written}` }), {
    fails: `${IN_FILE}json: cannot unmarshal ${type} into Go struct field AuthInfo.users.user.token of type string`,
  });
}

/** A config as JSON, and what follows it. */
function followed(rest: string, expected: Pick<Case, 'sees' | 'fails'> = { sees: AUTHORIZED }): Case {
  const json = (parts: Parts) => {
    const cluster = { server: parts.server, 'certificate-authority-data': parts.ca };
    return JSON.stringify(kubeconfig({ cluster, user: { token: secret('text') } }).json, undefined, 2);
  };
  return text(`JSON followed by ${JSON.stringify(rest)}`, (parts) => json(parts) + rest, expected);
}

const NO_TOKEN = { fails: `${IN_FILE}yaml: ` };

/** What Go's decoder does not come to, and which YAML it speaks. */
const wholeFiles: readonly Case[] = [
  followed('\nmore text'),
  followed('\n{"current-context": "another"}'),
  followed('\n}'),
  followed(' ]'),
  followed('\n---\n- [unclosed'),
  followed('\n# comment {'),
  followed(' @', NO_TOKEN),
  followed(' `', NO_TOKEN),
  text(
    'a flow mapping of YAML followed by text',
    ({ server, ca }) =>
      `{clusters: [{name: c, cluster: {server: "${server}", certificate-authority-data: ${ca}}}], users: [{name: u, user: {token: ${secret('text')}}}],
contexts: [{name: x, context: {cluster: c, user: u, namespace: team}}], current-context: x} and more: [`,
  ),
  text('a second document that is none', (parts) => `${yaml(parts)}---\n{ [ broken\n`),
  text('%YAML 1.1', (parts) => `%YAML 1.1\n---\n${yaml(parts)}`),
  text('%YAML 1.2', (parts) => `%YAML 1.2\n---\n${yaml(parts)}`, { fails: `${IN_FILE}yaml: found incompatible YAML document` }),
  text('an unknown directive', (parts) => `# first\n%FOO\n---\n${yaml(parts)}`, { fails: `${IN_FILE}yaml: ` }),
];

/** docs/connection.md 2.2: what a file means. */
export const decodingCases: readonly Case[] = [
  text('plain YAML', (parts) => yaml(parts)),
  text('carriage returns before line feeds', (parts) => yaml(parts).replaceAll('\n', '\r\n')),
  text('a byte order mark before YAML', (parts) => `\uFEFF${yaml(parts)}`),
  text('a byte order mark before JSON', ({ server, ca }) => {
    const cluster = { server, 'certificate-authority-data': ca };
    return `\uFEFF${JSON.stringify(kubeconfig({ cluster, user: { token: secret('text') } }).json)}`;
  }),
  text('JSON indented with tabs', ({ server, ca }) => {
    const cluster = { server, 'certificate-authority-data': ca };
    return JSON.stringify(kubeconfig({ cluster, user: { token: secret('text') } }).json, undefined, '\t');
  }),
  text('a flow mapping that is not JSON', ({ server, ca }) => {
    const cluster = { server, 'certificate-authority-data': ca };
    const json = JSON.stringify(kubeconfig({ cluster, user: { token: secret('text') } }).json);
    return json.replaceAll(/"(apiVersion|kind|users|token)":/g, '$1: ');
  }),
  text('JSON with a key twice: the last one wins', ({ server, ca }) => {
    const cluster = { server, 'certificate-authority-data': ca };
    const json = JSON.stringify(kubeconfig({ cluster, user: { token: secret('text') } }).json);
    return json.replace('"token":', '"token": "first", "token":');
  }),
  text('a key twice: the last one wins', (parts) => yaml(parts, { user: `token: first\n    token: ${secret('text')}` })),
  text('only the first document counts', (parts) => `${yaml(parts)}---\nusers: []\ncurrent-context: other\n`),
  text('markers, a directive and comments', (parts) => `# made by hand\n%YAML 1.1\n---\n${yaml(parts)}...\n`),
  text('yes is true', (parts) => yaml({ ...parts, ca: '' }, { cluster: '    insecure-skip-tls-verify: yes' })),
  text('on is true', (parts) => yaml({ ...parts, ca: '' }, { cluster: '    insecure-skip-tls-verify: On' })),
  text('merge keys', (parts) =>
    yaml(parts, { user: '<<: *base', head: `apiVersion: v1\nkind: Config\nx-base: &base {token: ${secret('text')}}` }),
  ),
  text('an own key beats a merged one', (parts) =>
    yaml(parts, { user: `<<: *base\n    token: ${secret('text')}`, head: 'apiVersion: v1\nkind: Config\nx-base: &base {token: merged}' }),
  ),
  text('apiVersion and kind may be absent', (parts) => yaml(parts, { head: '' })),
  text('unknown keys are ignored', (parts) =>
    yaml(parts, { user: `token: ${secret('text')}\n    favourite: 7`, head: 'mood: {good: yes}' }),
  ),
  text('null is absent', (parts) => yaml(parts, { user: `token: ${secret('text')}\n    username: null\n    exec: ~\n    tokenFile:` })),
  text('keys are case-sensitive', (parts) => yaml(parts, { user: `token: ${secret('text')}\n    Token: 7` })),
  token('a folded scalar', '>-\n      folded\n      twice', 'folded twice'),
  token('a time is a string', '2001-12-14', '2001-12-14'),
  token('a full timestamp is a string', '2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'),
  token('digits with colons are a string', '12:30', '12:30'),
  token('digits and colons as three parts are a string', '190:20:30', '190:20:30'),
  token('an anchor and an alias', `&secret ${secret('alias')}`, secret('alias')),
  token('quoted digits are a string', '"0123"', '0123'),
  token('an equals sign is a string', '=', '='),
  token('base64 with !!binary is decoded', '!!binary czNjcjN0LWJpbmFyeQ==', 's3cr3t-binary'),
  token('an explicit string tag', '!!str 123', '123'),
  refusedToken('a number is no string', '123', 'number'),
  refusedToken('an exponent without a point is a number', '1e3', 'number'),
  refusedToken('an octal number is a number', '0o17', 'number'),
  refusedToken('a hexadecimal number is a number', '0x1F', 'number'),
  refusedToken('a binary number is a number', '0b11', 'number'),
  refusedToken('underscores make a number', '1_000', 'number'),
  refusedToken('a fraction is a number', '.5', 'number'),
  refusedToken('yes is a boolean', 'yes', 'bool'),
  refusedToken('off is a boolean', 'OFF', 'bool'),
  refusedToken('a list is no string', '[a]', 'array'),
  refusedToken('a mapping is no string', '{a: b}', 'object'),
  refusedToken('the letter y is a boolean', 'y', 'bool'),
  text('a string is no boolean', (parts) => yaml(parts, { cluster: '    insecure-skip-tls-verify: "false"' }), {
    fails: `${IN_FILE}json: cannot unmarshal string into Go struct field Cluster.clusters.cluster.insecure-skip-tls-verify of type bool`,
  }),
  text(
    'types are checked in entries that are not used',
    (parts) => yaml(parts).replace('users:\n', 'users:\n- name: other\n  user: {username: 7}\n'),
    {
      fails: `${IN_FILE}json: cannot unmarshal number into Go struct field AuthInfo.users.user.username of type string`,
    },
  ),
  text('a name must be a string', (parts) => yaml(parts).replace('users:\n', 'users:\n- name: 7\n'), {
    fails: `${IN_FILE}json: cannot unmarshal number into Go struct field NamedAuthInfo.users.name of type string`,
  }),
  text('current-context must be a string', (parts) => yaml(parts).replace('current-context: x', 'current-context: 7'), {
    fails: `${IN_FILE}json: cannot unmarshal number into Go struct field Config.current-context of type string`,
  }),
  text('a list must be a list', (parts) => yaml(parts).replace('contexts:\n', 'contexts: {}\nothers:\n'), {
    fails: `${IN_FILE}json: cannot unmarshal object into Go struct field Config.contexts of type []v1.NamedContext`,
  }),
  text('data may be broken into lines', (parts) =>
    yaml({ ...parts, ca: `|\n${(parts.ca.match(/.{1,60}/g) ?? []).map((line) => `      ${line}\n`).join('')}` }),
  ),
  text('data must be padded', (parts) => yaml({ ...parts, ca: 'YWJjZA' }), { fails: `${IN_FILE}illegal base64 data at input byte 4` }),
  text('data has the standard alphabet', (parts) => yaml({ ...parts, ca: 'ab-_' }), {
    fails: `${IN_FILE}illegal base64 data at input byte 2`,
  }),
  text('data ends with its padding', (parts) => yaml({ ...parts, ca: 'YWI=YWJj' }), {
    fails: `${IN_FILE}illegal base64 data at input byte 4`,
  }),
  text('another kind is refused', (parts) => yaml(parts, { head: 'apiVersion: v1\nkind: Pod' }), {
    fails: `${IN_FILE}no kind "Pod" is registered for version "v1"`,
  }),
  text('another version is refused', (parts) => yaml(parts, { head: 'apiVersion: v2\nkind: Config' }), {
    fails: `${IN_FILE}no kind "Config" is registered for version "v2"`,
  }),
  text('a name twice is refused, used or not', (parts) => yaml(parts).replace('users:\n', 'users:\n- name: z\n- name: z\n'), {
    fails: 'duplicate name "z" in list',
  }),
  text('a context twice is refused', (parts) => yaml(parts).replace('contexts:\n', 'contexts:\n- name: x\n  context: {}\n'), {
    fails: 'duplicate name "x" in list',
  }),
  text('a text is no config', () => 'hello\n', { fails: IN_FILE }),
  text('a list is no config', () => '- a\n', { fails: IN_FILE }),
  text('a tab that indents is refused', (parts) => yaml(parts).replace('  user:\n    token', '  user:\n\ttoken'), {
    fails: `${IN_FILE}yaml: `,
  }),
  {
    section: '2.2',
    name: 'an empty file and one of comments are empty configs',
    given: (api, { clusterOf }) => ({
      config: kubeconfig({ cluster: clusterOf(api), user: { token: secret('text') } }),
      files: { empty: '', comments: '# nothing\n\n# here\n', document: '---\n', nothing: 'null\n' },
      env: { KUBECONFIG: 'DIR/empty:DIR/comments:DIR/document:DIR/nothing:DIR/home/.kube/config' },
    }),
    sees: AUTHORIZED,
  },
  {
    section: '2.2',
    name: 'relative paths belong to the folder of their file',
    given: (api, { pki }) => ({
      files: {
        'sub/config': kubeconfig({
          cluster: { server: api.url, 'certificate-authority': 'pki/ca.crt' },
          user: { tokenFile: '../tokens/mine', 'client-certificate': './pki/me.crt', 'client-key': 'pki/me.key' },
        }),
        'sub/pki/ca.crt': pki.root.certificate,
        'sub/pki/me.crt': pki.client.certificate,
        'sub/pki/me.key': pki.client.key,
        'tokens/mine': secret('text'),
      },
      flags: ['--kubeconfig', 'sub/config'],
    }),
    sees: { ...AUTHORIZED, clientCertificate: 'cert-user' },
  },
  {
    section: '2.2',
    name: 'relative paths in a linked file belong to the folder of the link',
    given: (api, { clusterOf }) => ({
      files: {
        'real/config': kubeconfig({ cluster: clusterOf(api), user: { tokenFile: 'token' } }),
        'real/token': 'wrong',
        'links/config': { linkTo: '../real/config' },
        'links/token': secret('text'),
      },
      env: { KUBECONFIG: 'DIR/links/config' },
    }),
    sees: AUTHORIZED,
  },
  {
    section: '2.2',
    name: 'relative paths in the second file of a list belong to its folder',
    given: (api, { clusterOf }) => ({
      files: {
        'one/config': kubeconfig({ cluster: clusterOf(api), top: { users: [] } }),
        'two/config': kubeconfig({ user: { tokenFile: 'token' }, top: { clusters: [] } }),
        'one/token': 'wrong',
        'two/token': secret('text'),
      },
      env: { KUBECONFIG: 'DIR/one/config:DIR/two/config' },
    }),
    sees: AUTHORIZED,
  },
  text('UTF-16, little end first', (parts) => Buffer.from(`\uFEFF${yaml(parts)}`, 'utf16le')),
  text('UTF-16, big end first', (parts) => Buffer.from(`\uFEFF${yaml(parts)}`, 'utf16le').swap16()),
  text('UTF-16 and JSON', ({ server, ca }) => {
    const cluster = { server, 'certificate-authority-data': ca };
    return Buffer.from(`\uFEFF${JSON.stringify(kubeconfig({ cluster, user: { token: secret('text') } }).json)}`, 'utf16le');
  }),
  {
    section: '2.2',
    name: 'bytes that are not UTF-8 are refused',
    given: (api, { pki }) => ({
      config: Buffer.concat([
        Buffer.from('x-note: "'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from(`"\n${yaml({ server: api.url, ca: base64(pki.root.certificate) })}`),
      ]),
    }),
    fails: `${IN_FILE}yaml: `,
  },
  ...wholeFiles,
];
