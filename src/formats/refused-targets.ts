import { StringDecoder } from 'node:string_decoder';
import { parseLabel, type Label } from '../graph/label.js';
import { plainText } from '../text/plain-text.js';

/** Bazel's message about a target that was asked for by its label and cannot be built for the platform. */
const REFUSAL = /Target (@{0,2}\/\/.+?) is incompatible and cannot be built, but was explicitly requested/g;

/** Longer lines are not Bazel's message. */
const LONGEST_LINE = 64 * 1024;

/** The targets that Bazel's output, read while it arrives, says it refused because no platform fits them. */
export class RefusedTargets {
  private readonly labels = new Set<Label>();
  private readonly decoder = new StringDecoder('utf8');
  private openLine = '';

  /** @param chunk the next bytes of standard error */
  add(chunk: Buffer): void {
    const lines = this.openLine + this.decoder.write(chunk);
    for (const [, label = ''] of plainText(lines).matchAll(REFUSAL)) this.labels.add(parseLabel(label));
    this.openLine = lines.slice(lines.lastIndexOf('\n') + 1).slice(-LONGEST_LINE);
  }

  has(label: Label): boolean {
    return this.labels.has(label);
  }
}
