/**
 * What became of the evidence, since this process started:
 * recorded + replayed = delivered + dropped (rejected, expired, storage) + what waits in memory and on disk.
 */
export interface EvidenceStatistics {
  /** Taken from the agent: `record`, `feedback`, `correct`, `retrieval`, `outcome`, `demonstrate`. */
  recorded: number;
  /** Brought back from what an earlier process left. */
  replayed: number;
  /** Acknowledged by the server. */
  delivered: number;
  /** Lost, and why; each was reported to `onError`. */
  dropped: {
    /** No room in memory and on disk: the newest is refused, what was accepted is kept. */
    full: number;
    /** The server refused it for good. */
    rejected: number;
    /** It could not be sent: no input text, a circle in metadata. */
    invalid: number;
    /** Older than `maxAgeMilliseconds`. */
    expired: number;
    /** Recorded after `close`. */
    closed: number;
    /** It was on disk only, and the disk lost it. */
    storage: number;
  };
  /** Requests that have to be made again. */
  failedRequests: number;
}

export type DropReason = keyof EvidenceStatistics["dropped"];

export function emptyStatistics(): EvidenceStatistics {
  return {
    recorded: 0,
    replayed: 0,
    delivered: 0,
    dropped: { full: 0, rejected: 0, invalid: 0, expired: 0, closed: 0, storage: 0 },
    failedRequests: 0,
  };
}
