import { psnr, ssim } from '../core/metrics.ts';
import type { MeasureMessage, MeasureReply } from './photo-tasks.ts';

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<MeasureMessage>) => void) | null;
  postMessage(reply: MeasureReply): void;
};

scope.onmessage = ({ data: { photo, pictures } }) => {
  scope.postMessage(pictures.map((picture) => ({ psnr: psnr(picture, photo), ssim: ssim(picture, photo) })));
};
