import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PROGRAMS = resolve(import.meta.dirname, '../../node_modules/.cache/bazel-affected/debian-registry');
const FETCH = join(import.meta.dirname, 'fetch-registry-debian.sh');

/** Time limit of a start. */
const START_MS = 20_000;

/** By this name, the log of the registry tells the questions of this file from all other requests. */
const OWN_NAME = 'the-test';

/** An image as a registry has it. */
export interface StoredImage {
  readonly digest: string;
  /** Its layers, which are archives of files, one after the other. */
  readonly content: string;
}

/** A real registry of images, docker-registry as Debian packages it, on a free port of this machine's loopback. */
export class Registry {
  /** The program skopeo. It runs in the chroot of Debian's Bazel as well, whose PATH does not have it. */
  readonly skopeo = join(PROGRAMS, 'skopeo');
  private readonly log: string;
  private server: ChildProcess | null = null;
  private port = 0;

  /** @param folder of its own */
  private constructor(private readonly folder: string) {
    this.log = join(folder, 'log');
    writeFileSync(this.log, '');
  }

  /**
   * Gets the programs, once for all runs on this machine.
   *
   * @throws if the packages cannot be had
   */
  static fetchPrograms(): void {
    // What it says about packages that cannot be had is what the failing test shows.
    execFileSync(FETCH, [PROGRAMS], { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' });
  }

  /** @param folder new and empty; what is pushed lies there */
  static async start(folder: string): Promise<Registry> {
    const registry = new Registry(folder);
    await registry.start();
    return registry;
  }

  /** Its name in references, such as 127.0.0.1:5000. */
  get name(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The requests so far, such as `GET /v2/`, without those of this class. */
  requests(): string[] {
    const text = readFileSync(this.log, 'utf8');
    const lines = text.matchAll(/"([A-Z]+ \/\S*) HTTP\/[\d.]+" \d+ \d+ "[^"]*" "([^"]*)"/g);
    return [...lines].flatMap(([, request = '', program]) => (program === OWN_NAME ? [] : [request]));
  }

  /**
   * @param reference a tag or a digest
   * @returns null if the registry does not have it
   */
  async image(repository: string, reference: string): Promise<StoredImage | null> {
    const manifest = await this.get(`${repository}/manifests/${reference}`);
    if (manifest.status === 404) return null;
    const { layers } = (await manifest.json()) as { layers: { digest: string }[] };
    const blobs = layers.map(async ({ digest }) => (await this.get(`${repository}/blobs/${digest}`)).text());
    return {
      digest: manifest.headers.get('docker-content-digest') ?? '',
      content: (await Promise.all(blobs)).join(''),
    };
  }

  private async get(path: string): Promise<Response> {
    const headers = { accept: 'application/vnd.oci.image.manifest.v1+json', 'user-agent': OWN_NAME };
    const response = await fetch(`http://${this.name}/v2/${path}`, { headers });
    if (response.ok || response.status === 404) return response;
    throw new Error(`The registry answers ${response.status} to the request for ${path}.`);
  }

  /** Starts it, or starts it again where it was, with all that was pushed before. */
  async start(): Promise<void> {
    const configuration = join(this.folder, 'registry.json');
    // It reads YAML, and JSON is YAML.
    writeFileSync(
      configuration,
      JSON.stringify({
        version: 0.1,
        log: { level: 'info' },
        storage: { filesystem: { rootdirectory: join(this.folder, 'storage') } },
        http: { addr: this.name },
      }),
    );
    const log = createWriteStream(this.log, { flags: 'a' });
    const server = spawn(join(PROGRAMS, 'docker-registry'), ['serve', configuration], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.server = server;
    this.port = await new Promise<number>((resolve, reject) => {
      let said = '';
      const timer = setTimeout(() => {
        reject(new Error(`docker-registry did not start within ${START_MS / 1000} s. It said:\n${said}`));
      }, START_MS);
      const listen = (chunk: Buffer): void => {
        log.write(chunk);
        if (said.length < 10_000) said += chunk.toString();
        const port = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (port === undefined) return;
        clearTimeout(timer);
        resolve(Number(port));
      };
      server.stdout.on('data', listen);
      server.stderr.on('data', listen);
      server.on('error', reject);
      server.on('exit', () => {
        reject(new Error(`docker-registry ended. It said:\n${said}`));
      });
    });
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server?.exitCode !== null) return;
    await new Promise((resolve) => {
      server.on('exit', resolve);
      server.kill();
    });
  }
}
