import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeFiles } from './files.js';
import { findBazel } from './find-bazel.js';
import { TemporaryFolder } from './temporary-folder.js';

/** A workspace in a temporary folder with an output base of its own. */
export class TemporaryWorkspace implements Disposable {
  private readonly temporary = new TemporaryFolder();
  readonly room = this.temporary.path;
  readonly folder = join(this.room, 'workspace');
  readonly bazel = findBazel();
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
    writeFiles(this.folder, { [path]: path.endsWith('.sh') ? { script: content } : content });
  }

  /** A new, empty folder beside the workspace. */
  newFolder(): string {
    return this.temporary.newFolder();
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
    this.temporary.remove();
  }
}
