import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import {
  ROOT,
  answerCloseQuestion,
  answerOpenDialog,
  answerSaveDialog,
  chooseFormat,
  clickMenu,
  drop,
  dropOver,
  launch,
} from './app.ts';
import type { RunningApp } from './app.ts';

const OTHER = dataPath('scenes/3dgs_sr_demo.ply');

/** Closes the window as its cross does. */
async function closeWindow({ app }: RunningApp): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
}

test("unsaved work is asked about before another scene, the window's end, a restart and quitting", async () => {
  const running = await launch();
  const { app, page, folder } = running;
  const message = page.locator('#status .message');
  const question = page.locator('wa-dialog[open]').filter({ hasText: 'sample.ply has unsaved changes' });
  const gone = new Promise<void>((resolve) => app.process().once('exit', () => resolve()));
  try {
    await expect(message).toContainText('Opened sample.ply');
    await expect(page).toHaveTitle('sample.ply – SplatFormer Desktop');
    await page.keyboard.press('r');
    await expect(message).toContainText('Refined 4,007 splats');
    await expect(page).toHaveTitle('• sample.ply – SplatFormer Desktop');

    // Cancel, and a save that is called off, leave everything as it was.
    await drop(running, [OTHER]);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(question).toHaveCount(0);
    await answerSaveDialog(running, '');
    await drop(running, [OTHER]);
    await question.getByRole('button', { name: 'Save…' }).click();
    await chooseFormat(running);
    await expect(question).toHaveCount(0);
    await expect(page).toHaveTitle('• sample.ply – SplatFormer Desktop');
    await expect(page.locator('[data-command="refine.compare"]').first()).toBeEnabled();

    // Cancel keeps the window, whatever would end it.
    const asked = await answerCloseQuestion(running, 'Cancel');
    const restart = ({ Menu }: typeof Electron.CrossProcessExports): void =>
      Menu.getApplicationMenu()
        ?.items.flatMap(({ submenu }) => submenu?.items ?? [])
        .find(({ label }) => label === 'Restart with Standard Graphics')
        ?.click();
    const ways = [
      () => closeWindow(running),
      () => app.evaluate(({ app: main }) => main.quit()),
      () => app.evaluate(restart),
    ];
    for (const [index, way] of ways.entries()) {
      await way();
      await expect.poll(async () => (await asked()).length).toBe(index + 1);
      await page.waitForTimeout(300);
    }
    expect(new Set(await asked())).toEqual(new Set(['Save the scene before it closes?']));
    await expect(page).toHaveTitle('• sample.ply – SplatFormer Desktop');

    // Save, and the scene that was wanted opens; nothing is asked about it.
    await answerSaveDialog(running, join(folder, 'first.ply'));
    await answerOpenDialog(running, OTHER);
    await clickMenu(running, 'file.open');
    await question.getByRole('button', { name: 'Save…' }).click();
    await chooseFormat(running);
    await expect(message).toContainText('Opened 3dgs_sr_demo.ply');
    expect(await readdir(folder)).toContain('first.ply');
    await dropOver(running, join(ROOT, 'test/data/scenes/sample.ply'));
    await expect(message).toContainText('Opened sample.ply');

    // Discard opens without a file.
    await page.keyboard.press('r');
    await expect(message).toContainText('Refined 4,007 splats');
    await drop(running, [OTHER]);
    await question.getByRole('button', { name: 'Discard' }).click();
    await expect(message).toContainText('Opened 3dgs_sr_demo.ply');
    await dropOver(running, join(ROOT, 'test/data/scenes/sample.ply'));
    await expect(message).toContainText('Opened sample.ply');

    // Save closes the window once the file is whole.
    await page.keyboard.press('r');
    await expect(message).toContainText('Refined 4,007 splats');
    await answerSaveDialog(running, join(folder, 'last.ply'));
    await answerCloseQuestion(running, 'Save…');
    await closeWindow(running);
    await chooseFormat(running);
    await gone;
    expect((await readdir(folder)).filter((name) => name.endsWith('.ply') || name.endsWith('.tmp')).sort()).toEqual([
      'first.ply',
      'last.ply',
    ]);
  } finally {
    await running.close();
  }
});

test('a scene that was only looked at closes without a question', async () => {
  const running = await launch();
  const { app, page } = running;
  try {
    const gone = new Promise<void>((resolve) => app.process().once('exit', () => resolve()));
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    await page.keyboard.press('4');
    await clickMenu(running, 'edit.selectAll');
    // A question would keep it from closing.
    await answerCloseQuestion(running, 'Cancel');
    await closeWindow(running);
    await gone;
  } finally {
    await running.close();
  }
});
