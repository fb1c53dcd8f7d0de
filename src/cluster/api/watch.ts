import { type ResourceType, resourceName } from '../../domain/kubernetes/resource.ts';
import { ClusterError } from '../../errors.ts';
import type { WatchEvent, WatchOptions } from '../cluster.ts';
import { LIMITS } from '../limits.ts';
import { parseJson } from '../transport/body.ts';
import type { WireAnswer } from '../transport/exchange.ts';
import type { Transport } from '../transport/transport.ts';
import { type Asked, isFailure, isObject, objectIn, statusError, unexpected } from './error.ts';
import { apiVersionOf, described, toItem, versionOf } from './objects.ts';
import { collectionPath } from './path.ts';
import { placeFault } from './placement.ts';

/** Opens a watch: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes. Rejects with a ClusterError. */
export async function openWatch(
  transport: Transport,
  type: ResourceType,
  { namespace, labelSelector, fieldSelector, resourceVersion }: WatchOptions,
  ended: AbortSignal,
): Promise<AsyncIterable<WatchEvent>> {
  const asked = { method: 'GET', resource: resourceName(type) };
  const selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
  const query = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion, ...selectors };
  const answer = await transport.open({ method: 'GET', path: collectionPath(type, namespace), query }, ended);
  const explained = (error: unknown) => (error instanceof ClusterError ? transport.explain(error) : error);
  if (answer.chunks !== undefined) return events(answer.chunks, { type, namespace, asked, answer, redact: transport.redact }, explained);
  try {
    throw unexpected(`${described(objectIn(answer, asked, transport.redact))} in place of the events of a watch`);
  } catch (error) {
    throw explained(error);
  }
}

/** What a watch is of. */
interface Watched {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly asked: Asked;
  readonly answer: WireAnswer;
  readonly redact: (text: string) => string;
}

async function* events(
  chunks: AsyncIterable<Buffer>,
  watched: Watched,
  explained: (error: unknown) => unknown,
): AsyncGenerator<WatchEvent> {
  try {
    for await (const line of linesOf(chunks)) yield toEvent(parsed(line, watched), watched);
  } catch (error) {
    throw explained(error);
  }
}

const LINE_BREAK = 0x0a;

/** The lines of a stream that are not empty: the server ends each event with a line break. Of a line too long no more than the bound is held. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (part: Buffer): void => {
    size += part.length;
    if (size > LIMITS.eventBytes) throw tooLarge();
    parts.push(part);
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_BREAK); end !== -1; end = chunk.indexOf(LINE_BREAK, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      const line = Buffer.concat(parts, size);
      parts = [];
      size = 0;
      if (!isBlank(line)) yield line;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  }
  const last = Buffer.concat(parts, size);
  if (!isBlank(last)) yield last;
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}

function tooLarge(): ClusterError {
  return new ClusterError('UnexpectedResponse', `the server sent an event larger than ${LIMITS.eventBytes} bytes`);
}

function parsed(line: Buffer, { redact }: Watched): unknown {
  try {
    return parseJson(line, redact);
  } catch (error) {
    throw error instanceof ClusterError ? error : unexpected('an event that is no JSON');
  }
}

/** https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#WatchEvent */
function toEvent(event: unknown, watched: Watched): WatchEvent {
  const { type, object } = isObject(event) ? event : {};
  const failure = type === 'ERROR' ? object : event;
  if (isFailure(failure)) throw statusError(failure, watched.answer, watched.asked);
  if (!isObject(event) || !isObject(object)) throw unexpected('an event without a type and an object');
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, ...changed(object, watched) };
    case 'BOOKMARK':
      return { type, resourceVersion: marked(object, watched) };
    default:
      throw unexpected(`an event of the type ${JSON.stringify(type)?.slice(0, MOST_SHOWN)}`);
  }
}

function changed(object: Readonly<Record<string, unknown>>, { type, namespace }: Watched) {
  const watch = `a watch of ${resourceName(type)}`;
  const found = toItem(object, type, watch);
  const fault = placeFault(found.metadata.namespace, type, namespace);
  if (fault !== undefined) throw unexpected(`${watch} with ${fault}`);
  return { object: found, resourceVersion: versionOf(object, `an event of ${resourceName(type)}`) };
}

function marked(object: Readonly<Record<string, unknown>>, { type }: Watched): string {
  const isOfType = object.kind === type.kind && object.apiVersion === apiVersionOf(type);
  if (!isOfType) throw unexpected(`a bookmark of ${described(object)} in a watch of ${resourceName(type)}`);
  return versionOf(object, `a bookmark of ${resourceName(type)}`);
}

/** Of a word that no server should say. */
const MOST_SHOWN = 40;
