const folders = new WeakSet<File>();

/** Whether a dropped "file" is a folder. */
export function isDroppedFolder(file: File): boolean {
  return folders.has(file);
}

/** Takes files dropped anywhere on the window; `overlay` shows while files are dragged over it. */
export function listenToDrops(overlay: HTMLElement, take: (files: readonly File[]) => void): void {
  // Entering a child element leaves its parent: only the balance tells whether the window was left.
  let depth = 0;
  const show = (change: number): void => {
    depth = Math.max(0, depth + change);
    overlay.hidden = depth === 0;
  };
  window.addEventListener('dragenter', (event) => {
    if (event.dataTransfer?.types.includes('Files') === true) show(1);
  });
  window.addEventListener('dragleave', () => show(-1));
  window.addEventListener('dragover', (event) => event.preventDefault());
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    show(-depth);
    const files = [...(event.dataTransfer?.files ?? [])];
    // Items tell folders, files have paths; the items that are files stand in the same order.
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
    for (const [index, item] of items.entries()) {
      const file = files[index];
      if (file !== undefined && item.webkitGetAsEntry()?.isDirectory === true) folders.add(file);
    }
    take(files);
  });
}
