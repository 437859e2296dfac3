// Shows the page named by the last argument, in a plain window without anything of the app around it.
import { app, BrowserWindow } from 'electron';

// Electron is ready only after this file: it must not wait here.
void app.whenReady().then(() => new BrowserWindow({ width: 700, height: 420 }).loadURL(process.argv.at(-1)));
