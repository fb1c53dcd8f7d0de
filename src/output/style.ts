/** How text may be marked on a terminal. Every function returns its argument unchanged where colour is off. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}
