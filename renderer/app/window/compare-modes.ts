import type { CommandId } from '../../bridge/commands.ts';

/** Modes of looking at before and after together. */
export type CompareMode = 'split' | 'sideBySide' | 'heat' | 'flicker' | 'changes';

/** The command that turns each mode on, and off again. */
export const MODE_COMMANDS: Readonly<Record<CompareMode, CommandId>> = {
  split: 'compare.split',
  sideBySide: 'compare.sideBySide',
  heat: 'compare.heat',
  flicker: 'compare.flicker',
  changes: 'compare.changes',
};

export const MODES = Object.keys(MODE_COMMANDS) as readonly CompareMode[];
