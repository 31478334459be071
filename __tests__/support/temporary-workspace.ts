import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The installed Bazel: `BAZEL` if set, else the first one on the PATH that is no npm package. */
export function installedBazel(): string {
  const named = process.env.BAZEL;
  if (named !== undefined && named !== '') return named;
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .flatMap((folder) => ['bazel', 'bazelisk'].map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('These tests need Bazel: put it on the PATH or name it in BAZEL.');
  return found;
}

/** A workspace in a temporary folder with an output base of its own. */
export class TemporaryWorkspace implements Disposable {
  readonly room = mkdtempSync(join(tmpdir(), 'run-leg-'));
  readonly folder = join(this.room, 'workspace');
  readonly bazel = installedBazel();
  readonly startupOptions = [
    `--output_base=${join(this.room, 'output_base')}`,
    '--max_idle_secs=120',
    '--host_jvm_args=-XX:TieredStopAtLevel=1',
    '--host_jvm_args=-XX:+UseSerialGC',
    '--host_jvm_args=-Xmx1000m',
  ];

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
  }

  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
  }

  call(...commandLine: string[]): string {
    return execFileSync(this.bazel, [...this.startupOptions, ...commandLine], {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  [Symbol.dispose](): void {
    this.call('shutdown');
    execFileSync('chmod', ['-R', 'u+w', this.room]);
    rmSync(this.room, { recursive: true, force: true });
  }
}
