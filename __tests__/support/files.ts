import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of a test: its text, an executable, a symlink, or nothing (the file is deleted). */
export type FileContent = string | { readonly script: string } | { readonly link: string } | null;

/** Files by path. */
export type Files = Readonly<Record<string, FileContent>>;

/** Writes files below a folder, in the place of whatever stands at their paths. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    rmSync(file, { recursive: true, force: true });
    if (content === null) continue;
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'string') writeFileSync(file, content);
    else if ('link' in content) symlinkSync(content.link, file);
    else {
      writeFileSync(file, content.script);
      chmodSync(file, 0o755);
    }
  }
}
