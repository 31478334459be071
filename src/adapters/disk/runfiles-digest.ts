import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A digest of a program and its runfiles: names, contents and executable bits. It does not depend on where these lie. The
 * manifest of another program among the runfiles counts by the names and contents of what it lists.
 *
 * @param program an absolute path
 * @param runfiles the folder of its runfiles
 * @throws what Node.js throws if a file is missing or cannot be read; an error if a manifest is not understood
 */
export async function runfilesDigest(program: string, runfiles: string): Promise<string> {
  checkTree(runfiles);
  const digest = new RunfilesDigest();
  await digest.add('', program);
  await digest.addBelow('', runfiles, new Set());
  return digest.value();
}

/** In the root of a runfiles tree, Bazel lists the tree, with absolute paths. */
const OWN_MANIFEST = '/MANIFEST';

/** Bazel can leave out the tree, and then only the list is there. */
function checkTree(runfiles: string): void {
  const list = `${runfiles}${OWN_MANIFEST}`;
  if (!existsSync(list)) return;
  for (const line of readFileSync(list, 'utf8').split('\n')) {
    // A line for a name with spaces begins with one.
    const [, listed] = /^(\S+) /.exec(line) ?? [];
    if (listed !== undefined && !existsSync(join(runfiles, listed)))
      throw new Error(`the runfiles tree ${runfiles} lacks ${listed}`);
  }
}

class RunfilesDigest {
  private readonly hash: Hash = createHash('sha256');
  /** The digests of files, by their real paths: one file often has several names. */
  private readonly known = new Map<string, string>();

  value(): string {
    return this.hash.digest('hex');
  }

  /** @param above the folders that are being read, because a symlink may lead to one of them */
  async addBelow(name: string, folder: string, above: ReadonlySet<string>): Promise<void> {
    const real = realpathSync(folder);
    if (above.has(real)) throw new Error(`a symlink below ${folder} leads to a folder above itself`);
    this.hash.update(`folder ${JSON.stringify(name)}\n`);
    for (const entry of readdirSync(folder).sort()) {
      const below = `${name}/${entry}`;
      const path = join(folder, entry);
      if (below === OWN_MANIFEST) continue;
      if (statSync(path).isDirectory()) await this.addBelow(below, path, new Set([...above, real]));
      else if (isManifest(below)) await this.addListed(below, path);
      else await this.add(below, path);
    }
  }

  async add(name: string, path: string): Promise<void> {
    const real = realpathSync(path);
    const digest = this.known.get(real) ?? (await digestOf(real));
    this.known.set(real, digest);
    const isExecutable = (statSync(real).mode & 0o111) !== 0;
    this.hash.update(`file ${JSON.stringify(name)} ${digest} ${isExecutable ? 'x' : '-'}\n`);
  }

  /** Adds what a manifest lists: on each line a name, a space, and an absolute path, or nothing for an empty file. */
  private async addListed(name: string, manifest: string): Promise<void> {
    this.hash.update(`manifest ${JSON.stringify(name)}\n`);
    for (const line of readFileSync(manifest, 'utf8').split('\n')) {
      if (line === '') continue;
      // A name with a space is written in another way, which is not read.
      const [, listed, path] = /^(\S+) (\/.*)?$/.exec(line) ?? [];
      if (listed === undefined) throw new Error(`${manifest} has a line that is not understood: ${line}`);
      // Bazel lists this file for each program, and makes it only for the one that it runs.
      const isNotMade = listed === '_repo_mapping' && path !== undefined && !existsSync(path);
      if (path === undefined || isNotMade) this.hash.update(`line ${JSON.stringify(listed)}\n`);
      else if (statSync(path).isDirectory()) await this.addBelow(`${name}: ${listed}`, path, new Set());
      else await this.add(`${name}: ${listed}`, path);
    }
  }
}

function isManifest(name: string): boolean {
  return name.endsWith('.runfiles/MANIFEST') || name.endsWith('.runfiles_manifest');
}

/** Release artifacts may be larger than what Node.js reads at once. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
