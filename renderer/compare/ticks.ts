/** A label beside a colour map. */
export interface Tick {
  /** 0 at the map's beginning, 1 at its end. */
  readonly position: number;
  readonly label: string;
}
