/** Every command of the app as data: the native menu, shortcuts and the page's buttons all come from this table. */

export type MenuName = 'File' | 'Edit' | 'View' | 'Camera' | 'Refine' | 'Model' | 'Help';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly menu: MenuName;
  /** More accelerators for the same, which no menu shows. */
  readonly alternateAccelerators?: readonly string[];
  /** Electron accelerator. Single letters are handled by the page, so that they never fire while typing in a field. */
  readonly accelerator?: string;
  /** Single key (KeyboardEvent.key, lower case) that runs the command while no field has the focus. */
  readonly key?: string;
  readonly kind?: 'check';
  /** A line above this command in its menu. */
  readonly separatorBefore?: true;
  /** Groups commands into a submenu of this name. */
  readonly submenu?: string;
}

export const COMMANDS = [
  { id: 'file.open', label: 'Open…', menu: 'File', accelerator: 'CmdOrCtrl+O' },
  { id: 'file.save', label: 'Save', menu: 'File', accelerator: 'CmdOrCtrl+S' },
  { id: 'file.saveAs', label: 'Save As…', menu: 'File', accelerator: 'CmdOrCtrl+Shift+S' },
  {
    id: 'project.saveAs',
    label: 'Save Project As…',
    menu: 'File',
    accelerator: 'CmdOrCtrl+Alt+S',
    separatorBefore: true,
  },
  { id: 'session.restore', label: 'Restore', menu: 'File', submenu: 'Last Session' },
  { id: 'session.discard', label: 'Discard', menu: 'File', submenu: 'Last Session' },
  { id: 'file.reveal', label: 'Show in Folder', menu: 'File', separatorBefore: true },
  { id: 'edit.undo', label: 'Undo', menu: 'Edit', accelerator: 'CmdOrCtrl+Z' },
  {
    id: 'edit.redo',
    label: 'Redo',
    menu: 'Edit',
    accelerator: 'CmdOrCtrl+Shift+Z',
    alternateAccelerators: ['CmdOrCtrl+Y'],
  },
  { id: 'edit.selectAll', label: 'Select All', menu: 'Edit', accelerator: 'CmdOrCtrl+A', separatorBefore: true },
  { id: 'edit.selectNone', label: 'Select None', menu: 'Edit', accelerator: 'CmdOrCtrl+D' },
  { id: 'edit.invert', label: 'Invert Selection', menu: 'Edit', accelerator: 'CmdOrCtrl+I' },
  { id: 'edit.delete', label: 'Delete Selected', menu: 'Edit', key: 'delete', separatorBefore: true },
  { id: 'edit.keep', label: 'Keep Only Selected', menu: 'Edit' },
  { id: 'panel.refinement', label: 'Refinement', menu: 'View', submenu: 'Panels', kind: 'check' },
  { id: 'panel.edit', label: 'Edit', menu: 'View', submenu: 'Panels', kind: 'check' },
  { id: 'panel.batch', label: 'Batch', menu: 'View', submenu: 'Panels', kind: 'check' },
  { id: 'panel.compare', label: 'Compare', menu: 'View', submenu: 'Panels', kind: 'check' },
  { id: 'panel.judge', label: 'Judge', menu: 'View', submenu: 'Panels', kind: 'check' },
  { id: 'panel.show', label: 'Camera', menu: 'View', submenu: 'Panels', kind: 'check' },
  { id: 'view.frame', label: 'Frame All', menu: 'View', key: 'f' },
  { id: 'view.elevation0', label: '0° (Side)', menu: 'View', submenu: 'Look From', key: '1' },
  { id: 'view.elevation45', label: '45°', menu: 'View', submenu: 'Look From', key: '2' },
  { id: 'view.elevation70', label: '70°', menu: 'View', submenu: 'Look From', key: '3' },
  { id: 'view.elevation80', label: '80°', menu: 'View', submenu: 'Look From', key: '4' },
  { id: 'view.elevation89', label: '89° (Above)', menu: 'View', submenu: 'Look From', key: '5' },
  { id: 'view.upAuto', label: 'Automatic', menu: 'View', submenu: 'Up Axis', kind: 'check' },
  { id: 'view.upX', label: '+X', menu: 'View', submenu: 'Up Axis', kind: 'check' },
  { id: 'view.upMinusX', label: '−X', menu: 'View', submenu: 'Up Axis', kind: 'check' },
  { id: 'view.upY', label: '+Y', menu: 'View', submenu: 'Up Axis', kind: 'check' },
  { id: 'view.upMinusY', label: '−Y', menu: 'View', submenu: 'Up Axis', kind: 'check' },
  { id: 'view.upZ', label: '+Z', menu: 'View', submenu: 'Up Axis', kind: 'check' },
  { id: 'view.upMinusZ', label: '−Z', menu: 'View', submenu: 'Up Axis', kind: 'check' },
  { id: 'view.upAsk', label: 'Choose by Pictures…', menu: 'View', submenu: 'Up Axis' },
  { id: 'view.fly', label: 'Fly', menu: 'View', key: 'v', kind: 'check', separatorBefore: true },
  { id: 'view.grid', label: 'Grid', menu: 'View', key: 'g', kind: 'check' },
  { id: 'view.axes', label: 'Axes', menu: 'View', key: 'x', kind: 'check' },
  { id: 'view.gizmo', label: 'View Gizmo', menu: 'View', kind: 'check' },
  { id: 'view.wider', label: 'Wider Field of View', menu: 'View', key: ']', separatorBefore: true },
  { id: 'view.narrower', label: 'Narrower Field of View', menu: 'View', key: '[' },
  { id: 'view.tryGraphics', label: 'Try the Graphics Card Again', menu: 'View', separatorBefore: true },
  { id: 'view.restart', label: 'Restart with What Is Open', menu: 'View' },
  { id: 'view.timings', label: 'Frame Timings', menu: 'View', kind: 'check' },
  {
    id: 'view.zoomIn',
    label: 'Larger Interface',
    menu: 'View',
    accelerator: 'CmdOrCtrl+Plus',
    alternateAccelerators: ['CmdOrCtrl+=', 'CmdOrCtrl+numadd'],
    separatorBefore: true,
  },
  {
    id: 'view.zoomOut',
    label: 'Smaller Interface',
    menu: 'View',
    accelerator: 'CmdOrCtrl+-',
    alternateAccelerators: ['CmdOrCtrl+numsub'],
  },
  {
    id: 'view.zoomReset',
    label: 'Standard Interface Size',
    menu: 'View',
    accelerator: 'CmdOrCtrl+0',
    alternateAccelerators: ['CmdOrCtrl+num0'],
  },
  { id: 'view.nextPart', label: 'Next Part of the Window', menu: 'View', accelerator: 'F6' },
  { id: 'judge.openCameras', label: 'Open Cameras…', menu: 'Camera' },
  { id: 'judge.openBeside', label: 'Open Cameras Beside the Scene', menu: 'Camera' },
  { id: 'judge.openPhotos', label: 'Open Photos Folder…', menu: 'Camera' },
  { id: 'judge.closeCameras', label: 'Close Cameras', menu: 'Camera' },
  { id: 'judge.showCameras', label: 'Show Cameras', menu: 'Camera', kind: 'check' },
  { id: 'judge.next', label: 'Next Photo', menu: 'Camera', key: '.', separatorBefore: true },
  { id: 'judge.previous', label: 'Previous Photo', menu: 'Camera', key: ',' },
  { id: 'judge.leave', label: 'Leave the Photo', menu: 'Camera' },
  { id: 'judge.measure', label: 'Measure against the Photos', menu: 'Camera', separatorBefore: true },
  { id: 'judge.save', label: 'Save Measurements…', menu: 'Camera' },
  { id: 'judge.gauge', label: 'Distance from the Capture', menu: 'Camera', kind: 'check', separatorBefore: true },
  { id: 'show.addBookmark', label: 'Add Bookmark', menu: 'Camera', key: 'm', separatorBefore: true },
  { id: 'show.bookmark1', label: 'Bookmark 1', menu: 'Camera', submenu: 'Go To', key: 'shift+1' },
  { id: 'show.bookmark2', label: 'Bookmark 2', menu: 'Camera', submenu: 'Go To', key: 'shift+2' },
  { id: 'show.bookmark3', label: 'Bookmark 3', menu: 'Camera', submenu: 'Go To', key: 'shift+3' },
  { id: 'show.bookmark4', label: 'Bookmark 4', menu: 'Camera', submenu: 'Go To', key: 'shift+4' },
  { id: 'show.bookmark5', label: 'Bookmark 5', menu: 'Camera', submenu: 'Go To', key: 'shift+5' },
  { id: 'show.bookmark6', label: 'Bookmark 6', menu: 'Camera', submenu: 'Go To', key: 'shift+6' },
  { id: 'show.bookmark7', label: 'Bookmark 7', menu: 'Camera', submenu: 'Go To', key: 'shift+7' },
  { id: 'show.bookmark8', label: 'Bookmark 8', menu: 'Camera', submenu: 'Go To', key: 'shift+8' },
  { id: 'show.bookmark9', label: 'Bookmark 9', menu: 'Camera', submenu: 'Go To', key: 'shift+9' },
  { id: 'show.addKey', label: 'Add Key', menu: 'Camera', key: 'n', separatorBefore: true },
  { id: 'show.play', label: 'Play Path', menu: 'Camera', key: 'p', kind: 'check' },
  { id: 'show.turntable', label: 'Turntable', menu: 'Camera', key: 't' },
  { id: 'show.open', label: 'Open Path or Bookmarks…', menu: 'Camera', separatorBefore: true },
  { id: 'show.saveCamera', label: 'Save Path…', menu: 'Camera' },
  { id: 'show.saveBookmarks', label: 'Save Bookmarks…', menu: 'Camera' },
  {
    id: 'show.picture',
    label: 'Save Picture…',
    menu: 'Camera',
    accelerator: 'CmdOrCtrl+Shift+P',
    separatorBefore: true,
  },
  { id: 'show.video', label: 'Save Video…', menu: 'Camera', accelerator: 'CmdOrCtrl+Shift+E' },
  { id: 'view.themeSystem', label: 'As the System', menu: 'View', submenu: 'Theme', kind: 'check' },
  { id: 'view.themeDark', label: 'Dark', menu: 'View', submenu: 'Theme', kind: 'check' },
  { id: 'view.themeLight', label: 'Light', menu: 'View', submenu: 'Theme', kind: 'check' },
  { id: 'refine.run', label: 'Refine', menu: 'Refine', accelerator: 'CmdOrCtrl+R', key: 'r' },
  { id: 'refine.selection', label: 'Refine Selection', menu: 'Refine' },
  { id: 'refine.keep', label: 'Set as New Original', menu: 'Refine' },
  { id: 'refine.takeBack', label: 'Take the Refinement Back', menu: 'Refine' },
  { id: 'refine.cancel', label: 'Cancel', menu: 'Refine', key: 'escape' },
  { id: 'refine.compare', label: 'Show Before', menu: 'Refine', key: 'b', kind: 'check', separatorBefore: true },
  { id: 'compare.split', label: 'Split', menu: 'Refine', submenu: 'Compare', key: 'l', kind: 'check' },
  { id: 'compare.sideBySide', label: 'Side by Side', menu: 'Refine', submenu: 'Compare', key: 'j', kind: 'check' },
  { id: 'compare.heat', label: 'Heat Map', menu: 'Refine', submenu: 'Compare', key: 'h', kind: 'check' },
  { id: 'compare.flicker', label: 'Flicker', menu: 'Refine', submenu: 'Compare', key: 'k', kind: 'check' },
  { id: 'compare.changes', label: 'Changes', menu: 'Refine', submenu: 'Compare', key: 'c', kind: 'check' },
  { id: 'compare.turn', label: 'Horizontal Line', menu: 'Refine', submenu: 'Compare', key: '\\', kind: 'check' },
  { id: 'refine.batch', label: 'Batch…', menu: 'Refine', accelerator: 'CmdOrCtrl+B' },
  { id: 'model.manage', label: 'Models…', menu: 'Model', accelerator: 'CmdOrCtrl+Shift+M' },
  { id: 'model.open', label: 'Open Checkpoint…', menu: 'Model', accelerator: 'CmdOrCtrl+Shift+O' },
  { id: 'model.default', label: 'Use the Shipped Model', menu: 'Model' },
  { id: 'help.guide', label: 'Guide', menu: 'Help', accelerator: 'F1' },
  { id: 'help.firstSteps', label: 'First Steps', menu: 'Help' },
  { id: 'help.sample', label: 'Open Sample', menu: 'Help' },
  { id: 'help.keys', label: 'Keyboard and Mouse', menu: 'Help', key: '?' },
  { id: 'help.diagnostics', label: 'Copy Diagnostics', menu: 'Help' },
  { id: 'help.updates', label: 'Check for Updates…', menu: 'Help' },
] as const satisfies readonly Command[];

export type CommandId = (typeof COMMANDS)[number]['id'];

export const MENUS: readonly MenuName[] = ['File', 'Edit', 'View', 'Camera', 'Refine', 'Model', 'Help'];

/** The table with its optional fields readable on every row. */
export const COMMAND_TABLE: readonly (Command & { readonly id: CommandId })[] = COMMANDS;

export function isCommandId(id: string): id is CommandId {
  return COMMANDS.some((command) => command.id === id);
}

/** The command's key or accelerator as a person writes it: `F`, `Ctrl+O`. */
export function shortcutLabel(id: CommandId, platform: string): string {
  const command = COMMAND_TABLE.find((candidate) => candidate.id === id);
  if (command === undefined) return '';
  if (command.key !== undefined)
    return command.key === 'escape' ? 'Esc' : command.key.charAt(0).toUpperCase() + command.key.slice(1);
  return (command.accelerator ?? '').replace('CmdOrCtrl', platform === 'darwin' ? 'Cmd' : 'Ctrl');
}
