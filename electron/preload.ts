import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Answer, DesktopBridge, ModelFile, SceneFile } from '../renderer/bridge/desktop.ts';
import type { Channel, PUSH_CHANNELS } from '../renderer/bridge/channels.ts';

type PushChannel = (typeof PUSH_CHANNELS)[keyof typeof PUSH_CHANNELS];

/** One function per message: the page gets these and never ipcRenderer itself. */
function call<C extends Channel>(channel: C) {
  return ((...parameters: unknown[]) => ipcRenderer.invoke(channel, ...parameters)) as DesktopBridge[C];
}

function listen<T>(channel: PushChannel, listener: (value: T) => void): void {
  ipcRenderer.on(channel, (_event, value: T) => listener(value));
}

const bridge: DesktopBridge = {
  startUp: call('startUp'),
  reportGraphics: call('reportGraphics'),
  showOpenScene: call('showOpenScene'),
  showOpenModel: call('showOpenModel'),
  openDropped: (file) => ipcRenderer.invoke('openDropped', webUtils.getPathForFile(file)) as Promise<Answer<SceneFile>>,
  openDroppedModel: (file) =>
    ipcRenderer.invoke('openDroppedModel', webUtils.getPathForFile(file)) as Promise<Answer<ModelFile>>,
  readChunk: call('readChunk'),
  closeFile: call('closeFile'),
  showSave: call('showSave'),
  writeChunk: call('writeChunk'),
  finishSave: call('finishSave'),
  abandonSave: call('abandonSave'),
  rememberView: call('rememberView'),
  rememberScene: call('rememberScene'),
  setMenuState: call('setMenuState'),
  setUnsavedWork: call('setUnsavedWork'),
  savedToLeave: call('savedToLeave'),
  copyText: call('copyText'),
  recentLog: call('recentLog'),
  log: call('log'),
  reportRenderJob: call('reportRenderJob'),
  finishRenderJob: call('finishRenderJob'),
  failRenderJob: call('failRenderJob'),
  openRefineInput: call('openRefineInput'),
  beginRefineOutput: call('beginRefineOutput'),
  reportRefined: call('reportRefined'),
  showSaveShow: call('showSaveShow'),
  writeChunkAt: call('writeChunkAt'),
  finishShowSave: call('finishShowSave'),
  showOpenShow: call('showOpenShow'),
  readSceneShow: call('readSceneShow'),
  writeSceneShow: call('writeSceneShow'),
  beginVideoOutput: call('beginVideoOutput'),
  connectInference: call('connectInference'),
  stopInference: call('stopInference'),
  batchView: call('batchView'),
  batchAddFiles: call('batchAddFiles'),
  batchAddFolder: call('batchAddFolder'),
  batchAddDropped: (files) =>
    ipcRenderer.invoke(
      'batchAddDropped',
      files.map((file) => webUtils.getPathForFile(file)),
    ) as ReturnType<DesktopBridge['batchAddDropped']>,
  batchChooseOutput: call('batchChooseOutput'),
  batchChange: call('batchChange'),
  batchRun: call('batchRun'),
  batchItems: call('batchItems'),
  batchScene: call('batchScene'),
  batchReveal: call('batchReveal'),
  batchSaveReport: call('batchSaveReport'),
  batchDismissResume: call('batchDismissResume'),
  showOpenCameras: call('showOpenCameras'),
  openDroppedCameras: (file) =>
    ipcRenderer.invoke('openDroppedCameras', webUtils.getPathForFile(file)) as Promise<Answer<SceneFile>>,
  photosBeside: call('photosBeside'),
  showOpenPhotos: call('showOpenPhotos'),
  saveMeasurements: call('saveMeasurements'),
  listModels: call('listModels'),
  openModel: call('openModel'),
  chooseModel: call('chooseModel'),
  rememberModel: call('rememberModel'),
  forgetModel: call('forgetModel'),
  downloadModel: call('downloadModel'),
  cancelModelDownload: call('cancelModelDownload'),
  removeModel: call('removeModel'),
  openModelPage: call('openModelPage'),
  memory: call('memory'),
  onBatchChange: (listener) => listen('batch', listener),
  onCommand: (listener) => listen('command', listener),
  onOpenScene: (listener) => listen('open-scene', listener),
  onSaveToLeave: (listener) => listen('save-to-leave', listener),
  onModelChanged: (listener) => listen('model-changed', listener),
};

contextBridge.exposeInMainWorld('desktop', bridge);

// A MessagePort cannot pass the bridge; it goes to the page as a window message of its own origin.
ipcRenderer.on('inference-port' satisfies PushChannel, (event) => {
  window.postMessage('splatformer-inference', window.location.origin, [...event.ports]);
});
ipcRenderer.on('batch-port' satisfies PushChannel, (event) => {
  window.postMessage('splatformer-batch', window.location.origin, [...event.ports]);
});
