// Refusals in texts that people and programs pass on: kubectl, Go, Python and Java clients, logs in JSON, events.

import { type Escalation, parseEscalation } from './escalation.ts';
import { type Denial, findDenials } from './forbidden-message.ts';
import { questionKey } from './question.ts';

/** What is like a refusal of RBAC, and is none. */
const OTHER_REFUSALS = [
  'pod-security',
  'quota',
  'limit-range',
  'namespace-terminating',
  'admission-policy',
  'admission-webhook',
  'webhook-failed',
  'not-logged-in',
  'gateway',
  'admission',
] as const;
export type OtherRefusal = (typeof OTHER_REFUSALS)[number];

export interface PastedDenial extends Denial {
  readonly count: number;
}

export interface PastedOther {
  readonly kind: OtherRefusal;
  readonly count: number;
  /** The first line of it, cut. */
  readonly sample: string;
}

export interface PastedEscalation extends Escalation {
  readonly count: number;
}

export interface PastedErrors {
  /** In the order of their first appearance. */
  readonly denials: readonly PastedDenial[];
  readonly escalations: readonly PastedEscalation[];
  readonly others: readonly PastedOther[];
  /** True if there were more different ones than are kept. */
  readonly isCut: boolean;
}

const PATTERNS: readonly (readonly [OtherRefusal, RegExp])[] = [
  ['pod-security', /violates? PodSecurity/],
  ['quota', /(?:exceeded|failed) quota: /],
  [
    'limit-range',
    /(?:minimum|maximum) (?:cpu|memory|ephemeral-storage|storage) usage per (?:Container|Pod|PersistentVolumeClaim) is|must be less than or equal to (?:cpu|memory) limit/,
  ],
  ['namespace-terminating', /unable to create new content in namespace \S+ because it is being terminated/],
  ['admission-policy', /ValidatingAdmissionPolicy '[^']{1,253}' with binding '[^']{1,253}' denied request/],
  ['admission-webhook', /admission webhook "[^"]{1,253}" denied the request/],
  ['webhook-failed', /failed calling webhook "[^"]{1,253}"/],
  [
    'not-logged-in',
    /You must be logged in to the server|(?:^|[\s":(])Unauthorized(?:$|[\s",)}.])|"?code"?\s*[:=]\s*401\b|\b401 Unauthorized|the server has asked for the client to provide credentials/,
  ],
  ['gateway', /<(?:title|h1|center)>\s*(?:<h1>\s*)?403 Forbidden|RBAC: access denied/],
  // Last, as any admission plugin may say so: `pods "x" is forbidden: no PriorityClass with name y was found`.
  ['admission', /\b[a-z][a-z0-9.-]{0,253} "[^"]{1,253}" is forbidden: (?!User )/],
];

// What a line must hold to be looked at more closely.
const WORTH =
  /forbidden|Forbidden|Unauthorized|denied|401|403|attempting to grant|must be logged in|provide credentials|quota: |violates? PodSecurity|failed calling webhook/;

/** Different refusals that are kept. */
const MOST = 200;
const SAMPLE = 300;
/** Lines over which a folded message goes on. */
const FOLDED = 6;
/** Times that a text may have been put into the string of another. */
const LAYERS = 3;

const JSON_ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g;
const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function withoutJsonEscapes(text: string): string {
  return text.replace(JSON_ESCAPE, (_, code: string | undefined, letter = '') => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return LETTERS[letter as 'n'] ?? letter;
  });
}

const QUOTES = /&(?:quot|#34|#x22);|[\u201c\u201d\u201e]/gi;

/** HTML's quotes, those of word processors and chats, and blanks that do not break; `&amp;quot;` is a layer more. */
function withoutHtmlQuotes(text: string): string {
  const plain = text
    .replace(QUOTES, '"')
    .replace(/&(?:#39|#x27|apos);/gi, "'")
    .replace(/\u00a0|&nbsp;/g, ' ');
  return plain.replace(/&amp;(?=(?:quot|#34|#x22|#39|#x27|apos|nbsp);)/gi, '&');
}

/** The text, and what it was before it was put into strings of JSON or into HTML, one layer after the other. */
function* layersOf(text: string): Generator<string> {
  let current = text;
  for (let layer = 0; layer <= LAYERS; layer++) {
    yield current;
    const inner = withoutHtmlQuotes(withoutJsonEscapes(current));
    if (inner === current) return;
    current = inner;
  }
}

interface Scan {
  readonly denials: Map<string, PastedDenial>;
  readonly escalations: Map<string, PastedEscalation>;
  readonly others: Map<OtherRefusal, PastedOther>;
  isCut: boolean;
}

/** Takes lines one by one and keeps no more than what is different in them. */
export interface PastedReader {
  readonly line: (text: string) => void;
  readonly end: () => PastedErrors;
}

function keep<K, T extends { readonly count: number }>(scan: Scan, map: Map<K, T>, key: K, found: T): void {
  const known = map.get(key);
  if (known !== undefined) map.set(key, { ...known, count: known.count + 1 });
  else if (map.size < MOST) map.set(key, found);
  else scan.isCut = true;
}

function readDenials(text: string, scan: Scan): boolean {
  for (const layer of layersOf(text)) {
    const denials = findDenials(layer);
    for (const denial of denials)
      keep(scan, scan.denials, JSON.stringify([denial.user, questionKey(denial.request)]), { ...denial, count: 1 });
    if (denials.length > 0) return true;
  }
  return false;
}

function readEscalation(text: string, scan: Scan): boolean {
  for (const layer of layersOf(text)) {
    const escalation = parseEscalation(layer);
    if (escalation === undefined || escalation.missing.length === 0) continue;
    keep(scan, scan.escalations, JSON.stringify([escalation.user, escalation.object, escalation.missing]), { ...escalation, count: 1 });
    return true;
  }
  return false;
}

function readOther(text: string, scan: Scan): void {
  const kind = PATTERNS.find(([, pattern]) => pattern.test(text) || pattern.test(withoutHtmlQuotes(withoutJsonEscapes(text))))?.[0];
  if (kind !== undefined) keep(scan, scan.others, kind, { kind, count: 1, sample: text.trim().slice(0, SAMPLE) });
}

const ESCALATION = 'is attempting to grant RBAC permissions not currently held';
const OPEN_DENIAL = /forbidden: User/;

/** Reads pasted texts and logs of any length. Of an unfinished message the following lines are taken too. */
export function pastedReader(): PastedReader {
  const scan: Scan = { denials: new Map(), escalations: new Map(), others: new Map(), isCut: false };
  let open: string[] = [];

  const close = (): void => {
    if (open.length === 0) return;
    const isEscalation = open[0]?.includes(ESCALATION) === true;
    const texts = isEscalation ? [open.join('\n')] : unfolded(open);
    open = [];
    if (!texts.some((text) => (isEscalation ? readEscalation(text, scan) : readDenials(text, scan)))) readOther(texts[0] ?? '', scan);
  };

  const isMore = (text: string): boolean => {
    if (open.length === 0) return false;
    if (open[0]?.includes(ESCALATION) === true)
      return open.length < MOST && /^\s*\{(?:APIGroups|NonResourceURLs|Resources|Verbs)/.test(text);
    return open.length < FOLDED && !WORTH.test(text);
  };

  const begin = (text: string): void => {
    const isEscalation = text.includes(ESCALATION);
    if (isEscalation ? readEscalation(text, scan) : readDenials(text, scan)) return;
    if (isEscalation || OPEN_DENIAL.test(text)) open = [text];
    else readOther(text, scan);
  };

  const goOn = (text: string): void => {
    open.push(text);
    // A folded message ends where it can be read.
    if (open[0]?.includes(ESCALATION) !== true && findsDenial(open)) close();
  };

  const line = (text: string): void => {
    if (isMore(text)) {
      goOn(text);
      return;
    }
    close();
    if (WORTH.test(text)) begin(text);
  };

  return {
    line,
    end: () => {
      close();
      return {
        denials: [...scan.denials.values()],
        escalations: [...scan.escalations.values()],
        others: [...scan.others.values()],
        isCut: scan.isCut,
      };
    },
  };
}

function findsDenial(lines: readonly string[]): boolean {
  return unfolded(lines).some((text) => [...layersOf(text)].some((layer) => findDenials(layer).length > 0));
}

/** Marks before each line of a quotation, a box or a comment. */
const GUTTER = /^\s*(?:[\u2502\u2503|>]\s?)+/u;

/** A message that goes on over lines: broken at blanks, or by a terminal anywhere. */
function unfolded(lines: readonly string[]): readonly string[] {
  const bare = lines.map((line, at) => (at === 0 ? line : line.replace(GUTTER, '')));
  return [bare.map((line) => line.trim()).join(' '), bare.join('')];
}
