/** Where the last known configuration outlives the process. Nothing here throws. */
export interface ConfigurationStore {
  /** Synchronous, once at start: `resolve` must answer at once. */
  read(): string | undefined;
  /** Soon, and whole or not at all. */
  write(text: string): void;
}
