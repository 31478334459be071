import { Field } from './json-field.js';

/** Something that a release published. */
export interface Published {
  /** Its name, without a tag or a digest. */
  readonly name: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly kind: 'oci' | 'file';
}

/** What a release wrote about itself, as far as it is used. The format is described in docs/releases.md. */
export interface Receipt {
  /** `running`: it was killed, or does not say more. */
  readonly outcome: 'running' | 'released' | 'failed';
  readonly published: readonly Published[];
}

/** A file is not a receipt. */
export class ReceiptError extends Error {
  override name = 'ReceiptError';
}

const VERSION = 1;

/** A release of more is not unusual, but nobody reads a longer list. */
const MOST_PUBLISHED = 100;
const MOST_CHARACTERS = 500;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads a receipt. It comes from code of the workspace, so nothing in it is trusted.
 *
 * @throws ReceiptError
 */
export function parseReceipt(content: string): Receipt {
  const root = Field.parse(content, (message, cause) => new ReceiptError(message, { cause }));
  const version = root.at('version');
  if (version.value !== VERSION)
    throw new ReceiptError(`it has version ${version.shown()}, and this program reads version ${VERSION}`);
  return {
    outcome: root.at('outcome').oneOf(['running', 'released', 'failed']),
    published: parsePublished(root.at('subjects')),
  };
}

/** @throws what the field does, if it is no list of what was published */
export function parsePublished(field: Field): Published[] {
  return field
    .list()
    .slice(0, MOST_PUBLISHED)
    .map((each) => {
      const digest = each.at('digest').text();
      if (!DIGEST.test(digest)) throw each.at('digest').unlike('a digest sha256:…');
      return {
        name: each.at('name').text(MOST_CHARACTERS),
        digest,
        kind: each.at('kind').oneOf(['oci', 'file']),
      };
    });
}
