/**
 * Bounds on what one server or proxy may cost us. Those that client-go has are client-go's; the rest are far above what an
 * API server sends, and far below what would hurt: a hostile or broken server gets an error, not our memory.
 */
export const LIMITS = {
  /** Of one answer, after decompression. A page of 500 runtimes is near 1 MiB, 10,000 unpaged 30 MiB; etcd takes no object above 1.5 MiB. */
  bodyBytes: 64 * 1024 * 1024,
  /** Of one answer that tells a failure. What refuses an object may repeat it. */
  failureBytes: 2 * 1024 * 1024,
  /** Of one message that is shown: a person reads it. */
  messageCharacters: 32 * 1024,
  /** Of one event of a watch. The object in it has been stored: etcd takes 1.5 MiB unless told otherwise. */
  eventBytes: 16 * 1024 * 1024,
  /** Of the status line and headers of one answer. */
  headerBytes: 1024 * 1024,
  /** Objects and arrays within each other. */
  jsonDepth: 1000,
  /** Of one answer, counted as commas and opening brackets. Memory goes with them rather than with bytes; 10,000 runtimes have a million. */
  jsonValues: 3_000_000,
  /** Of one list, over all pages. */
  items: 1_000_000,
  /** Of all answers to one list together: 90,000 runtimes. What is made of them takes several times as much memory. */
  listBytes: 256 * 1024 * 1024,
  /** 1xx answers before the real one. */
  informationalAnswers: 100,
  redirects: 10,
  retries: 10,
  /** A longer Retry-After is not waited for: the answer counts as final. */
  longestWaitSeconds: 300,
  pages: 10_000,
  /** Connections at a time: each costs a handshake. */
  sockets: 4,
  /** The line is far if the first connection takes longer to stand. */
  nearMilliseconds: 15,
  /** On a far line, for what goes out before the first answer: side by side, handshakes take less than it does to wait for a connection in use. */
  farSockets: 16,
  /** On a far line after that, unless more stand. */
  standingSockets: 2,
  dialMilliseconds: 30_000,
  handshakeMilliseconds: 10_000,
  /** For a proxy to open the way. */
  tunnelMilliseconds: 60_000,
} as const;
