import { GitError, wordsOf, type Git } from './git.js';

/**
 * Contents are cached only if at most this many are read at once, so that a whole repository is never kept in memory.
 */
const FEW_CONTENTS = 100;

/** Reads the contents of git's objects. */
export class ObjectContents {
  /** Texts by object id. Small reads, for example of module files, are often repeated. */
  private readonly remembered = new Map<string, string>();

  constructor(private readonly git: Git) {}

  /**
   * The contents of objects, by id. Invalid UTF-8 in binary content becomes replacement characters.
   *
   * @throws GitError if one is missing and cannot be fetched
   */
  async read(objectIds: readonly string[]): Promise<Map<string, string>> {
    const wanted = [...new Set(objectIds)];
    const read = await this.readAnew(wanted.filter((id) => !this.remembered.has(id)));
    if (read.size <= FEW_CONTENTS) for (const [id, text] of read) this.remembered.set(id, text);
    return new Map(wanted.map((id) => [id, this.remembered.get(id) ?? read.get(id) ?? '']));
  }

  private async readAnew(wanted: readonly string[]): Promise<Map<string, string>> {
    if (wanted.length === 0) return new Map();
    const input = wanted.map((id) => `${id}\n`).join('');
    const ended = await this.git.output(['cat-file', '--batch'], { input });
    if (ended.exitCode !== 0) throw new GitError(`reading files from git failed; ${wordsOf(ended)}`);
    return parseBatch(ended.stdout, wanted);
  }
}

/** Reads the output of `git cat-file --batch`: a line `<id> <type> <size>`, the content, a line end. */
function parseBatch(output: Buffer, wanted: readonly string[]): Map<string, string> {
  const contents = new Map<string, string>();
  let offset = 0;
  for (const id of wanted) {
    const lineEnd = output.indexOf(10, offset);
    const header = output.toString('utf8', offset, lineEnd).split(' ');
    if (lineEnd < 0 || header[0] !== id || header.length !== 3) {
      throw new GitError(`reading file content ${id} failed; git said: ${header.join(' ')}`);
    }
    const start = lineEnd + 1;
    const end = start + Number(header[2]);
    contents.set(id, output.toString('utf8', start, end));
    offset = end + 1;
  }
  return contents;
}
