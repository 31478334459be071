import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

interface Artifact {
  readonly id: number;
  readonly name: string;
  /** The bytes of a zip file. */
  readonly content: Buffer;
  readonly createdAt: string;
}

/** Nothing is sent; or the first half is sent and the connection stays open; or the first half is sent as if it were all. */
export type DownloadFault = 'silence' | 'stalls' | 'truncated';

type Reply = readonly [status: number, body: unknown];

/** In the list, a number is a string, as every int64 of this API is. */
export interface Call {
  readonly name?: string;
  readonly name_filter?: string;
  readonly id_filter?: string;
}

/**
 * A stand-in for GitHub's artifact service (the "results" API v4 that @actions/artifact speaks), for runs under act: act's own
 * server (0.2.89) refuses what @actions/artifact 6.2 sends (`mime_type`), and answers downloads without a content type, so that
 * the client does not unpack them. Artifacts are immutable: a name can be used once, as on GitHub.
 */
export class ArtifactServer implements Disposable {
  readonly artifacts = new Map<string, Artifact>();
  /** The value for ACTIONS_RUNTIME_TOKEN. */
  readonly token: string;
  /** What goes wrong with a download, by the name of the artifact; every other download arrives. */
  faults: Readonly<Record<string, DownloadFault>> = {};
  /** Which calls of the service are not answered. */
  isSilent: (method: string, call: Call) => boolean = () => false;
  private readonly blocks = new Map<string, Buffer>();
  private readonly created = new Set<string>();
  private readonly server: http.Server;

  /** @param cacheService what answers for the cache service, which has the same address on GitHub */
  private constructor(private readonly cacheService: string | null) {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    this.token = `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run:job' })}.x`;
    this.server = http.createServer((request, response) => {
      void this.answer(request, response);
    });
  }

  static async start(cacheService: string | null = null): Promise<ArtifactServer> {
    const server = new ArtifactServer(cacheService);
    await new Promise<void>((resolve) => {
      server.server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** The value for ACTIONS_RESULTS_URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Whether anything in the run could have stored an artifact whose name contains this text. */
  names(): string[] {
    return [...this.artifacts.keys()].sort();
  }

  [Symbol.dispose](): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Stores an artifact. @param content a zip file */
  add(name: string, content: Buffer): void {
    this.artifacts.set(name, {
      id: this.artifacts.size + 1,
      name,
      content,
      createdAt: new Date().toISOString(),
    });
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (this.cacheService !== null && pathname.includes('.CacheService/')) {
      const answer = await fetch(new URL(pathname, this.cacheService), { method: 'POST', body });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      return;
    }
    if (pathname.startsWith('/twirp/')) {
      const method = pathname.split('/').at(-1) ?? '';
      const call = JSON.parse(body.toString()) as Call;
      if (this.isSilent(method, call)) return;
      const [status, reply] = this.call(method, call);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
      return;
    }
    const name = decodeURIComponent(pathname.slice('/blob/'.length));
    if (request.method === 'GET') {
      const artifact = this.artifacts.get(name);
      if (artifact === undefined) response.writeHead(404).end();
      else this.send(artifact, response);
      return;
    }
    this.store(name, searchParams, body);
    response.writeHead(201).end();
  }

  private send({ name, content }: Artifact, response: http.ServerResponse): void {
    const fault = this.faults[name];
    if (fault === 'silence') return;
    response.writeHead(200, { 'content-type': 'application/zip' });
    const half = content.subarray(0, content.length / 2);
    if (fault === 'stalls') response.write(half);
    else response.end(fault === 'truncated' ? half : content);
  }

  private call(method: string, { name = '', name_filter, id_filter }: Call): Reply {
    switch (method) {
      case 'CreateArtifact':
        if (this.created.has(name))
          return [409, { code: 'already_exists', msg: `an artifact named ${name} exists` }];
        this.created.add(name);
        return [200, { ok: true, signed_upload_url: this.signedUrl(name) }];
      case 'FinalizeArtifact':
        return [200, { ok: true, artifact_id: String(this.artifacts.get(name)?.id ?? 0) }];
      case 'ListArtifacts':
        return [200, { artifacts: this.list(name_filter, id_filter) }];
      case 'GetSignedArtifactURL':
        return [200, { signed_url: this.signedUrl(name) }];
      default:
        return [404, { code: 'bad_route', msg: method }];
    }
  }

  private list(name: string | undefined, id: string | undefined): unknown[] {
    return [...this.artifacts.values()]
      .filter(
        (one) => (name === undefined || name === one.name) && (id === undefined || Number(id) === one.id),
      )
      .map((one) => ({
        workflow_run_backend_id: 'run',
        workflow_job_run_backend_id: 'job',
        database_id: String(one.id),
        name: one.name,
        size: String(one.content.length),
        created_at: one.createdAt,
        digest: `sha256:${createHash('sha256').update(one.content).digest('hex')}`,
      }));
  }

  private signedUrl(name: string): string {
    return `${this.url}blob/${encodeURIComponent(name)}?sig=signed-by-the-stand-in`;
  }

  /** An upload in Azure's protocol: blocks, and then the list of their ids in order; or everything at once. */
  private store(name: string, parameters: URLSearchParams, body: Buffer): void {
    if (parameters.get('comp') === 'block') {
      this.blocks.set(`${name} ${parameters.get('blockid') ?? ''}`, body);
      return;
    }
    const ids = [...body.toString().matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)];
    const content =
      parameters.get('comp') === 'blocklist'
        ? Buffer.concat(ids.map((match) => this.blocks.get(`${name} ${match[1] ?? ''}`) ?? Buffer.alloc(0)))
        : body;
    this.add(name, content);
  }
}
