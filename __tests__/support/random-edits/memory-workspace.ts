import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Listing } from '../../../src/formats/git-listing.js';
import type { WorkspacePath } from '../../../src/graph/label.js';
import type { ReadTexts } from '../../../src/loading/inputs/texts.js';

export interface MemoryFile {
  readonly mode: '100644' | '100755' | '120000' | '160000';
  /** The file's text; where a symlink leads; a submodule's commit. */
  readonly text: string;
}

/** A workspace as git would list it, kept in memory. Immutable: an edit makes another one. */
export class MemoryWorkspace {
  constructor(readonly files: ReadonlyMap<string, MemoryFile>) {}

  /** A workspace of plain files. */
  static of(files: Readonly<Record<string, string>>): MemoryWorkspace {
    return new MemoryWorkspace(new Map()).withFiles(files);
  }

  withFiles(files: Readonly<Record<string, string>>): MemoryWorkspace {
    return Object.entries(files).reduce(
      (workspace: MemoryWorkspace, [path, text]) => workspace.with(path, { mode: '100644', text }),
      this,
    );
  }

  withLink(path: string, text: string): MemoryWorkspace {
    return this.with(path, { mode: '120000', text });
  }

  /** With a file, in place of whatever stood in its way. */
  with(path: string, file: MemoryFile): MemoryWorkspace {
    const files = new Map(this.files);
    for (const other of files.keys()) {
      if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) files.delete(other);
    }
    return new MemoryWorkspace(files.set(path, file));
  }

  /** Without a file, or without a folder. */
  without(path: string): MemoryWorkspace {
    const kept = [...this.files].filter(([other]) => other !== path && !other.startsWith(`${path}/`));
    return new MemoryWorkspace(new Map(kept));
  }

  get paths(): string[] {
    return [...this.files.keys()];
  }

  text(path: string): string {
    return this.files.get(path)?.text ?? '';
  }

  listing(): Listing<WorkspacePath> {
    return Listing.of(
      [...this.files].map(([path, file]) => ({
        path: path as WorkspacePath,
        mode: file.mode,
        objectId: objectIdOf(file),
      })),
    );
  }

  /** Reads texts by object id, as git would. */
  readonly read: ReadTexts = (objectIds) => {
    const texts = new Map([...this.files.values()].map((file) => [objectIdOf(file), file.text]));
    return Promise.resolve(new Map(objectIds.map((objectId) => [objectId, texts.get(objectId) ?? ''])));
  };

  /** Makes a folder that holds `previous` hold this. */
  writeTo(folder: string, previous: MemoryWorkspace): void {
    for (const [path, file] of previous.files) {
      const now = this.files.get(path);
      if (now?.mode !== file.mode || now.text !== file.text) rmSync(join(folder, path), { force: true });
    }
    for (const path of emptied(previous.paths, this.paths))
      rmSync(join(folder, path), { recursive: true, force: true });
    for (const [path, file] of this.files) {
      const then = previous.files.get(path);
      if (then?.mode === file.mode && then.text === file.text) continue;
      const place = join(folder, path);
      mkdirSync(dirname(place), { recursive: true });
      if (file.mode === '120000') symlinkSync(file.text, place);
      else writeFileSync(place, file.text);
      if (file.mode === '100755') chmodSync(place, 0o755);
    }
  }
}

function objectIdOf(file: MemoryFile): string {
  if (file.mode === '160000') return file.text;
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(file.text)}\0${file.text}`)
    .digest('hex');
}

/** Git keeps no empty folders: those that lost their last file. */
function emptied(before: readonly string[], after: readonly string[]): string[] {
  const folders = (paths: readonly string[]): Set<string> =>
    new Set(paths.flatMap((path) => path.split('/').map((_, index, all) => all.slice(0, index).join('/'))));
  const kept = folders(after);
  return [...folders(before)].filter((folder) => folder !== '' && !kept.has(folder));
}
