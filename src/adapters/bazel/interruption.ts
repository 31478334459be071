/** A signal that asks a program to end. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** The source of signals: the process, or a substitute in tests. */
export interface SignalSource {
  on(name: StopSignal, listener: (name: StopSignal) => void): unknown;
  off(name: StopSignal, listener: (name: StopSignal) => void): unknown;
}

/**
 * Handles SIGINT and SIGTERM until it is disposed of, so that they do not end this process. Each signal is passed to
 * the listeners that are registered when it arrives.
 */
export class Interruption implements Disposable {
  private readonly listeners = new Set<(signal: StopSignal) => void>();
  private first: StopSignal | null = null;

  constructor(private readonly source: SignalSource) {
    source.on('SIGINT', this.receive);
    source.on('SIGTERM', this.receive);
  }

  /** The first signal that arrived; null if there was none. */
  get received(): StopSignal | null {
    return this.first;
  }

  /** Calls the listener for each further signal, until the returned function is called. */
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
