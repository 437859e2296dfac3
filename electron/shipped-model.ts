/** Name of the model that comes with the app, in models/, without extension. */
export const SHIPPED_MODEL = 'splatformer-desktop';
