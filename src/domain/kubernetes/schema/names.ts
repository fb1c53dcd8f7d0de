const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_MAXIMUM = 63;
const SUBDOMAIN_MAXIMUM = 253;

/** A kind of names, as https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation has them. */
interface NameRule {
  readonly maximum: number;
  readonly pattern: string;
  readonly says: string;
  readonly examples: readonly string[];
}

const SUBDOMAIN_RULE: NameRule = {
  maximum: SUBDOMAIN_MAXIMUM,
  pattern: SUBDOMAIN,
  says: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
};
const LABEL_RULE: NameRule = {
  maximum: LABEL_MAXIMUM,
  pattern: LABEL,
  says: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
};
const LABEL_VALUE_RULE: NameRule = {
  maximum: LABEL_MAXIMUM,
  pattern: `(${QUALIFIED})?`,
  says: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ['MyValue', 'my_value', '12345'],
};
const QUALIFIED_RULE: NameRule = {
  maximum: LABEL_MAXIMUM,
  pattern: QUALIFIED,
  says: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ['MyName', 'my.name', '123-abc'],
};

function faults(name: string, { maximum, pattern, says, examples }: NameRule): readonly string[] {
  const isLong = name.length > maximum;
  const isOther = !new RegExp(`^${pattern}$`).test(isLong ? name.slice(0, maximum + 1) : name);
  return [
    ...(isLong ? [`must be no more than ${maximum} bytes`] : []),
    ...(isOther ? [`${says} (e.g. ${examples.map((one) => `'${one}'`).join(',  or ')}, regex used for validation is '${pattern}')`] : []),
  ];
}

/** Why a text cannot be the name of most objects; empty if it can. */
export function subdomainFaults(name: string): readonly string[] {
  return faults(name, SUBDOMAIN_RULE);
}

/** Why a text cannot be a part of the path of a URL. */
export function pathSegmentFaults(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`);
}

/** The same of a namespace and of a label in DNS. */
export function labelFaults(name: string): readonly string[] {
  return faults(name, LABEL_RULE);
}

export function labelValueFaults(value: string): readonly string[] {
  return faults(value, LABEL_VALUE_RULE);
}

/** The same of a key of labels and annotations: a name, or a prefix, `/` and a name. */
export function qualifiedNameFaults(key: string): readonly string[] {
  const [first = '', ...rest] = key.split('/');
  if (rest.length > 1)
    return [
      `a valid label key ${QUALIFIED_RULE.says} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const name = rest[0] ?? first;
  return [
    ...(rest.length === 1 ? prefixFaults(first) : []),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...faults(name, QUALIFIED_RULE).map((fault) => `name part ${fault}`),
  ];
}

function prefixFaults(prefix: string): readonly string[] {
  return prefix === '' ? ['prefix part must be non-empty'] : subdomainFaults(prefix).map((fault) => `prefix part ${fault}`);
}
