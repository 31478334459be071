/** What asks a program to end. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** Where signals come from: the process itself, or what a test puts in its place. */
export interface SignalSource {
  on(name: StopSignal, listener: (name: StopSignal) => void): unknown;
  off(name: StopSignal, listener: (name: StopSignal) => void): unknown;
}

/**
 * Listens for SIGINT and SIGTERM as long as it is not disposed of, in place of dying of them, and passes each one on to
 * whoever listens at that time.
 */
export class Interruption implements Disposable {
  private readonly listeners = new Set<(signal: StopSignal) => void>();
  private first: StopSignal | null = null;

  constructor(private readonly source: SignalSource) {
    source.on('SIGINT', this.receive);
    source.on('SIGTERM', this.receive);
  }

  /** The first signal that came; null if none did. */
  get received(): StopSignal | null {
    return this.first;
  }

  /** Calls the listener on each further signal, until the function that it returns is called. */
  listen(listener: (signal: StopSignal) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    this.source.off('SIGINT', this.receive);
    this.source.off('SIGTERM', this.receive);
  }

  private readonly receive = (signal: StopSignal): void => {
    this.first ??= signal;
    for (const listener of this.listeners) listener(signal);
  };
}
