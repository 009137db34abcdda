let offset = 0;

/** Learns how far the server's deciding time is from this machine's clock; a demo's server runs days ahead. */
export function setServerTime(now: string): void {
  offset = new Date(now).getTime() - Date.now();
}

/** Milliseconds since 1970 by the server's time. */
export function serverNow(): number {
  return Date.now() + offset;
}
