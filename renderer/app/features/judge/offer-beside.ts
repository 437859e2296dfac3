import type { AppContext } from '../../feature.ts';
import { button } from '../../ui/buttons.ts';
import type { CaptureStore } from './capture-store.ts';

/**
 * A button over the scene that opens the cameras which lie beside it, while none are open: with them the app need not
 * guess what was photographed, and Refine has evidence.
 */
export function offerBeside(
  { corner, document, run }: Pick<AppContext, 'corner' | 'document' | 'run'>,
  store: CaptureStore,
): void {
  const offer = button('Open cameras', () => run('judge.openBeside'), { icon: 'camera', givesFocusBack: true });
  offer.classList.add('beside-offer');
  // Above all else there: nothing moves when it comes and goes.
  corner.prepend(offer);
  const show = (): void => {
    const { beside, capture } = store.state;
    offer.hidden = beside === undefined || capture !== undefined || document.state.original === undefined;
    if (beside === undefined) return;
    offer.title = `${beside.name} lies beside the scene: where it was photographed from, as evidence for Refine`;
  };
  store.watch(show);
  document.watch(show);
}
