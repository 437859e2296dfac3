import type { MessageBoxOptions } from 'electron';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { LeaveGuard } from '../../../../electron/window/leave-guard.ts';

const questions: MessageBoxOptions[] = [];
const save = vi.fn();
const discarded = vi.fn();
const goOn = vi.fn();
let answer: (label: string) => void;
let guard: LeaveGuard;
let isBatchAtWork = false;

beforeEach(() => {
  questions.length = 0;
  isBatchAtWork = false;
  save.mockReset();
  discarded.mockReset();
  goOn.mockReset();
  guard = new LeaveGuard({
    ask: (question) => {
      questions.push(question);
      return new Promise((resolve) => {
        answer = (label) => resolve(question.buttons?.indexOf(label) ?? -1);
      });
    },
    save,
    discarded,
    isBatchAtWork: () => isBatchAtWork,
  });
});

/** Wants to leave and clicks a button of the question. */
async function leaveAnd(label: string): Promise<void> {
  guard.leave(goOn);
  answer(label);
  await new Promise((resolve) => setImmediate(resolve));
}

describe('leaving', () => {
  test('asks nothing where nothing would be lost', () => {
    guard.leave(goOn);
    guard.setUnsavedWork('changes');
    guard.setUnsavedWork('nothing');
    expect(guard.isFree).toBe(true);
    guard.leave(goOn);
    expect(goOn).toHaveBeenCalledTimes(2);
    expect(questions).toEqual([]);
  });

  test('to return asks about what is under way, not about changes that come back', async () => {
    guard.setUnsavedWork('changes');
    guard.leaveToReturn(goOn);
    expect(goOn).toHaveBeenCalledTimes(1);
    expect(questions).toEqual([]);
    guard.setUnsavedWork('save');
    guard.leaveToReturn(goOn);
    answer('Cancel');
    await new Promise((resolve) => setImmediate(resolve));
    expect(questions[0]?.message).toContain('still being saved');
    isBatchAtWork = true;
    guard.setUnsavedWork('changes');
    guard.leaveToReturn(goOn);
    answer('Stop It');
    await new Promise((resolve) => setImmediate(resolve));
    expect(questions[1]?.message).toContain('batch');
    expect(goOn).toHaveBeenCalledTimes(2);
  });

  test('asks before a batch stops, alone or with what is unsaved', async () => {
    isBatchAtWork = true;
    await leaveAnd('Cancel');
    expect(goOn).not.toHaveBeenCalled();
    expect(questions[0]?.message).toContain('batch');
    guard.setUnsavedWork('changes');
    await leaveAnd('Cancel');
    expect(questions[1]).toMatchObject({ message: expect.stringContaining('Save the scene') as string });
    expect(questions[1]?.detail).toContain('The batch stops as well');
    guard.setUnsavedWork('nothing');
    await leaveAnd('Stop It');
    expect(goOn).toHaveBeenCalledOnce();
    expect(discarded).not.toHaveBeenCalled();
    expect(guard.isFree).toBe(true);
  });

  test('stays on Cancel and goes on Discard, for good', async () => {
    guard.setUnsavedWork('changes');
    await leaveAnd('Cancel');
    expect(goOn).not.toHaveBeenCalled();
    expect(guard.isFree).toBe(false);
    expect(discarded).not.toHaveBeenCalled();
    await leaveAnd('Discard');
    expect(discarded).toHaveBeenCalledOnce();
    expect(goOn).toHaveBeenCalledOnce();
    // The page may report once more before the window is gone.
    guard.setUnsavedWork('changes');
    expect(guard.isFree).toBe(true);
  });

  test('stays where the question is closed without an answer', async () => {
    guard.setUnsavedWork('changes');
    guard.leave(goOn);
    const [{ buttons, cancelId }] = questions as [MessageBoxOptions];
    expect(buttons?.[cancelId ?? -1]).toBe('Cancel');
    await leaveAnd('no such button');
    expect(goOn).not.toHaveBeenCalled();
  });

  test('asks once however often it is wanted', async () => {
    guard.setUnsavedWork('changes');
    guard.leave(goOn);
    await leaveAnd('Cancel');
    expect(questions).toHaveLength(1);
  });

  test('on Save goes once the page has saved, and stays where that failed', async () => {
    guard.setUnsavedWork('changes');
    await leaveAnd('Save…');
    expect(save).toHaveBeenCalledOnce();
    expect(goOn).not.toHaveBeenCalled();
    guard.saved(false);
    expect(guard.isFree).toBe(false);
    // A later save is the person's own.
    guard.saved(true);
    expect(goOn).not.toHaveBeenCalled();
    await leaveAnd('Save…');
    guard.saved(true);
    expect(goOn).toHaveBeenCalledOnce();
    expect(guard.isFree).toBe(true);
  });

  test('a file being saved is no time to save: it may go on or be lost, and Enter loses nothing', async () => {
    guard.setUnsavedWork('changes');
    await leaveAnd('Save…');
    guard.setUnsavedWork('save');
    await leaveAnd('Cancel');
    expect(questions[1]).toMatchObject({ buttons: ['Discard', 'Cancel'], defaultId: 1 });
    // Cancel took back the first wish as well.
    guard.saved(true);
    expect(goOn).not.toHaveBeenCalled();
  });
});
