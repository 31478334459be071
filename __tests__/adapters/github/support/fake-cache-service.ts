import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the service does with a request: as it should, answer an error, or never answer. */
export type Behaviour = 'well' | 'hang' | { readonly status: number; readonly message: string };

interface Entry {
  readonly key: string;
  readonly version: string;
  bytes: Buffer;
}

/** GitHub's cache service, second version, and the blob storage behind it: as much of both as a client asks for. */
export class FakeCacheService {
  readonly requests: string[] = [];
  /** By method; the others work. */
  behaviour: Readonly<Record<string, Behaviour>> = {};
  readonly entries: Entry[] = [];
  private readonly reserved = new Set<string>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        this.answer(request, body, response);
      });
    });
  }

  static async start(): Promise<FakeCacheService> {
    const service = new FakeCacheService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Some other job writes entries whose keys begin like this at this moment. */
  reserve(prefix: string): void {
    this.reserved.add(prefix);
  }

  private answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const path = request.url ?? '';
    const blob = /^\/blobs\/upload\/(\d+)/.exec(path)?.[1];
    const method = path.startsWith('/blobs/') ? (request.method ?? '') : path.replace(/^.*\//, '');
    this.requests.push(method);
    const behaviour = this.behaviour[method] ?? 'well';
    if (behaviour === 'hang') return;
    if (behaviour !== 'well') {
      send(response, behaviour.status, { code: 'internal', msg: behaviour.message });
    } else if (blob !== undefined) {
      const entry = this.entries[Number(blob)];
      if (request.method === 'PUT' && entry !== undefined) {
        entry.bytes = body;
        response.writeHead(201, { etag: '"1"', 'x-ms-request-id': '1' }).end();
      } else response.writeHead(200, { 'content-length': entry?.bytes.length ?? 0 }).end(entry?.bytes);
    } else {
      send(response, 200, this.call(method, JSON.parse(body.toString()) as Call));
    }
  }

  private call(method: string, call: Call): object {
    const { key, version } = call;
    const keys = [key, ...(call.restoreKeys ?? call.restore_keys ?? [])];
    switch (method) {
      case 'CreateCacheEntry': {
        const id = `${key} ${version}`;
        if ([key, id].some((name) => [...this.reserved].some((one) => name.startsWith(one))))
          return { ok: false };
        this.reserved.add(id);
        this.entries.push({ key, version, bytes: Buffer.alloc(0) });
        return { ok: true, signed_upload_url: `${this.url}blobs/upload/${this.entries.length - 1}` };
      }
      case 'FinalizeCacheEntryUpload':
        return { ok: true, entry_id: '1' };
      default: {
        const written = this.entries.filter((entry) => entry.version === version && entry.bytes.length > 0);
        const exact = written.find((entry) => entry.key === key);
        // Each key in turn, and of those that begin with it the newest.
        const [byPrefix] = keys.flatMap(
          (prefix) => written.findLast((entry) => entry.key.startsWith(prefix)) ?? [],
        );
        const found = exact ?? byPrefix;
        if (found === undefined) return { ok: false };
        const url = `${this.url}blobs/upload/${this.entries.indexOf(found)}`;
        return { ok: true, signed_download_url: url, matched_key: found.key };
      }
    }
  }
}

interface Call {
  readonly key: string;
  readonly version: string;
  readonly restoreKeys?: readonly string[];
  readonly restore_keys?: readonly string[];
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
