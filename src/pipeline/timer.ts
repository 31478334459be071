/** Measures the steps of a plan. */
export class Timer {
  private readonly steps = new Map<string, number>();

  /** Milliseconds by step, in the order in which the steps first ran. */
  get milliseconds(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.steps].map(([step, time]) => [step, Math.round(time)]));
  }

  /** Does a step; the time of several steps of one name adds up. */
  async measure<T>(step: string, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.steps.set(step, (this.steps.get(step) ?? 0) + performance.now() - start);
    }
  }
}
