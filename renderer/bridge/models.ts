/** What a model is, in the words of its catalogue entry or of the checkpoint itself. */
export interface ModelFacts {
  readonly name: string;
  readonly kind: 'splatformer' | 'anchorsplat';
  /** Output splats an input splat. */
  readonly copies: number;
  readonly license: string;
  /** Trainable numbers. */
  readonly parameters?: number | undefined;
}

export interface ModelFigure {
  readonly label: string;
  readonly value: string;
}

/** A download under way. */
export interface ModelTransfer {
  readonly stage: 'Connecting' | 'Downloading' | 'Checking';
  readonly bytes: number;
  readonly totalBytes: number;
}

/** A model that the app knows, installed or not. */
export interface ModelInfo extends ModelFacts {
  readonly id: string;
  readonly summary: string;
  readonly figures: readonly ModelFigure[];
  /** With the app, fetched by it, a file of the person's own, or a page where the person fetches one. */
  readonly origin: 'shipped' | 'download' | 'own' | 'page';
  /** `absent`: not fetched; `partial`: an interrupted download can go on; `missing`: the file is gone. */
  readonly state: 'ready' | 'absent' | 'partial' | 'missing';
  /** Size of the file in bytes, as published where it is not here; null where nobody knows. */
  readonly bytes: number | null;
  /** Bytes of an interrupted download that are here. */
  readonly partBytes: number;
  readonly fileName: string;
  /** Host of the address that a download comes from, or of the authors' page. */
  readonly host: string;
  readonly hasPage: boolean;
  readonly isDefault: boolean;
  readonly transfer?: ModelTransfer | undefined;
}
