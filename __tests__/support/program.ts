import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';

const ROOT = dirname(dirname(import.meta.dirname));

/** The Node 24 of the runner, whatever runs the tests. */
const NODE = join(ROOT, 'node_modules/.bin/node');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A bundled program that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts a program of `dist/` with nothing of this job's own GitHub environment. */
export function start(
  program: 'plan' | 'run' | 'conclude' | 'record' | 'cli',
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Running {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(GITHUB_|RUNNER_|INPUT_|ACTIONS_)/.test(name),
  );
  const child = spawn(NODE, [join(ROOT, 'dist', program, 'index.js'), ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  }
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, ...output }));
  return { ended, signal: (signal) => void child.kill(signal) };
}

/** Command lines of this machine's processes that hold a text. */
export function processesWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(text));
}

/** Waits until something holds, at most some seconds. */
export async function until(holds: () => boolean, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return holds();
}
