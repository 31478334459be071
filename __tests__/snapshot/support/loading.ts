import type { Loading } from '../../../src/snapshot/dirty.js';
import { loadStatements } from '../../../src/snapshot/load-closure.js';
import { loadingInputs } from '../../../src/snapshot/loading-inputs.js';
import { supplyTexts } from '../../../src/snapshot/texts.js';
import type { MemoryWorkspace } from './memory-workspace.js';

/** What loading a workspace reads and loads. */
export async function loadingOf(
  workspace: MemoryWorkspace,
  known: Loading['statements'] = new Map(),
): Promise<Loading> {
  const inputs = await supplyTexts(loadingInputs(workspace.listing()), workspace.read);
  const statements = await supplyTexts(loadStatements(inputs, known), workspace.read);
  return { inputs, statements };
}
