import type { Loading } from '../../../src/loading/snapshot/dirty.js';
import { loadStatements } from '../../../src/loading/inputs/load-closure.js';
import { loadingInputs } from '../../../src/loading/inputs/loading-inputs.js';
import { supplyTexts } from '../../../src/loading/inputs/texts.js';
import type { MemoryWorkspace } from './memory-workspace.js';

/** What loading a workspace reads and loads. */
export async function loadingOf(
  workspace: MemoryWorkspace,
  known: Loading['statements'] = new Map(),
): Promise<Loading> {
  const { inputs } = await supplyTexts(loadingInputs(workspace.listing()), workspace.read);
  const statements = await supplyTexts(loadStatements(inputs, known), workspace.read);
  return { inputs, statements };
}
