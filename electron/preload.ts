import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Channel, DesktopBridge, DroppedChannel } from '../renderer/bridge/desktop.ts';
import { EVENTS, PORTS } from '../renderer/bridge/events.ts';
import type { EventName } from '../renderer/bridge/events.ts';
import { CHANNELS_SWITCH } from './window/channels-switch.ts';

/** Main's list of messages: the schemas behind them stay in main, which checks what comes. */
const channels = (process.argv.find((argument) => argument.startsWith(CHANNELS_SWITCH)) ?? '')
  .slice(CHANNELS_SWITCH.length)
  .split(',') as Channel[];

/** One function per message: the page gets these and never ipcRenderer itself. */
function call(channel: Channel) {
  return (...parameters: unknown[]) => ipcRenderer.invoke(channel, ...parameters);
}

function listen(event: EventName) {
  return (listener: (value: unknown) => void) => void ipcRenderer.on(event, (_event, value) => listener(value));
}

/** A path comes from a real dropped file only: getPathForFile refuses everything else. */
function callWithPath(channel: DroppedChannel) {
  return (file: File) => ipcRenderer.invoke(channel, webUtils.getPathForFile(file));
}

function callWithPaths(channel: DroppedChannel) {
  return (files: readonly File[]) =>
    ipcRenderer.invoke(
      channel,
      files.map((file) => webUtils.getPathForFile(file)),
    );
}

const dropped: Pick<DesktopBridge, DroppedChannel> = {
  openDropped: callWithPath('openDropped'),
  openDroppedModel: callWithPath('openDroppedModel'),
  openDroppedCameras: callWithPath('openDroppedCameras'),
  batchAddDropped: callWithPaths('batchAddDropped'),
};

contextBridge.exposeInMainWorld('desktop', {
  ...Object.fromEntries(channels.map((channel) => [channel, call(channel)])),
  ...dropped,
  ...Object.fromEntries((Object.keys(EVENTS) as EventName[]).map((event) => [listenerName(event), listen(event)])),
});

/** The page listens to `command` by `onCommand`. */
function listenerName(event: EventName): string {
  return `on${event.charAt(0).toUpperCase()}${event.slice(1)}`;
}

for (const port of Object.values(PORTS))
  ipcRenderer.on(port, (event) => window.postMessage(port, window.location.origin, [...event.ports]));
