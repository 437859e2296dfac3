// PlayCanvas behind the calls of this project's bench page (docs/testing.md), and `stale`, which draws as the engine
// does by itself: with the order that its sorter had ready last. The names behind `director` are the engine's own and
// no part of its documented interface, so they hold for the version that the bench pins.
import * as pc from './playcanvas.mjs';

const NEAR = 0.2;
const FAR = 100;

class PlayCanvasAdapter {
  /** @param {HTMLCanvasElement} canvas @param {'webgl2' | 'webgpu'} api */
  static async open(canvas, api) {
    // What splats don't need is left out, where the engine can do without.
    const depth = api === 'webgpu';
    const device = await pc.createGraphicsDevice(canvas, { deviceTypes: [api], antialias: false, depth });
    device.maxPixelRatio = 1;
    if (device.deviceType !== api) throw new Error(`PlayCanvas has no ${api} here.`);
    const options = new pc.AppOptions();
    options.graphicsDevice = device;
    options.componentSystems = [pc.CameraComponentSystem, pc.GSplatComponentSystem];
    options.resourceHandlers = [pc.GSplatHandler];
    const app = new pc.AppBase(canvas);
    app.init(options);
    app.autoRender = false;
    app.setCanvasFillMode(pc.FILLMODE_NONE, canvas.width, canvas.height);
    app.setCanvasResolution(pc.RESOLUTION_FIXED, canvas.width, canvas.height);
    // No loop of its own: a frame is drawn when it is asked for.
    app.requestAnimationFrame = () => undefined;
    app.start();
    const camera = new pc.Entity('camera');
    camera.addComponent('camera', { clearColor: new pc.Color(0, 0, 0), nearClip: NEAR, farClip: FAR });
    app.root.addChild(camera);
    return new PlayCanvasAdapter(app, camera, canvas);
  }

  constructor(app, camera, canvas) {
    Object.assign(this, { app, camera, canvas, entity: undefined });
    this.info = { api: app.graphicsDevice.deviceType, version: pc.version };
  }

  async load(url) {
    this.entity?.destroy();
    const asset = new pc.Asset('scene', 'gsplat', { url });
    this.app.assets.add(asset);
    await new Promise((resolve, reject) => {
      asset.once('load', resolve);
      asset.once('error', (message) => reject(new Error(message)));
      this.app.assets.load(asset);
    });
    this.entity = new pc.Entity('scene');
    this.entity.addComponent('gsplat', { asset });
    this.app.root.addChild(this.entity);
  }

  setCamera({ position, target, up, fovY }) {
    this.camera.setPosition(...position);
    this.camera.lookAt(new pc.Vec3(...target), new pc.Vec3(...up));
    this.camera.camera.fov = fovY;
  }

  /** One frame as the engine draws it while the camera moves; resolves when the device has finished it. */
  async stale() {
    this.draw();
    await this.finished();
    // The sorter's answer may come in now, as between the frames of a loop.
    await nextTask();
  }

  /** One frame in the order of its own camera, without a second drawing. */
  async renderFrame() {
    await this.sorted();
    if (this.drawnSplats() === 0) return this.firstPicture();
    this.app.root.syncHierarchy();
    this.app.renderer.gsplatDirector.update(this.app.scene.layers);
    await this.sorted();
    await this.stale();
  }

  /** The first frames of a scene draw nothing: they hand it to the sorter, which answers between them. */
  async firstPicture() {
    for (let frames = 0; this.drawnSplats() === 0; frames++) {
      if (frames > 1000) throw new Error('PlayCanvas drew nothing.');
      await this.stale();
      await this.sorted();
    }
  }

  /** Resolves when the sorter has nothing to do. */
  async sorted() {
    while ((this.sorter()?.jobsInFlight ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Draws the picture of the camera at hand again, in its own order or the one at hand, and reads it back. */
  async pixels(drawing = 'renderFrame') {
    if (drawing === 'renderFrame') await this.renderFrame();
    const { width, height } = this.canvas;
    this.draw();
    // A canvas may be copied within the task that drew it.
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy.drawImage(this.canvas, 0, 0);
    return { width, height, data: copy.getImageData(0, 0, width, height).data };
  }

  draw() {
    this.app.update(1 / 60);
    this.app.render();
  }

  async finished() {
    const { gl, wgpu } = this.app.graphicsDevice;
    if (gl === undefined) await wgpu.queue.onSubmittedWorkDone();
    else gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  drawnSplats() {
    return this.manager()?.world.getState(this.manager().world.currentVersion)?.totalActiveSplats ?? 0;
  }

  /** The sorter of WebGL2; null on WebGPU, where the device sorts. */
  sorter() {
    return this.manager()?.cpuSorter;
  }

  manager() {
    const layers = this.app.renderer.gsplatDirector.camerasMap.get(this.camera.camera.camera)?.layersMap;
    return layers && [...layers.values()].map((layer) => layer.gsplatManager).find((manager) => manager !== null);
  }
}

function nextTask() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

try {
  const api = new URLSearchParams(location.search).get('api') ?? 'webgl2';
  window.adapter = await PlayCanvasAdapter.open(document.querySelector('#picture'), api);
} catch (error) {
  window.adapterError = String(error);
}
