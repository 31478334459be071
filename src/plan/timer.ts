/** Receives the name of a step as it begins. */
export type StepListener = (step: string) => void;

/** Measures the steps of a plan. */
export class Timer {
  private readonly steps = new Map<string, number>();
  private latest: string | undefined;

  /** @param onStep is called once for a step that runs in several parts without another step between them */
  constructor(private readonly onStep: StepListener = () => undefined) {}

  /** Milliseconds by step, in the order in which the steps first ran. */
  get milliseconds(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.steps].map(([step, time]) => [step, Math.round(time)]));
  }

  /** Runs a step and measures it. The times of steps with the same name are added. */
  async measure<T>(step: string, work: () => T | Promise<T>): Promise<T> {
    if (step !== this.latest) this.onStep(step);
    this.latest = step;
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.steps.set(step, (this.steps.get(step) ?? 0) + performance.now() - start);
    }
  }
}
