declare module 'cli-table3/src/utils.js' {
  /** What cli-table3 measures and pads with; its published types leave it out. */
  const utils: {
    /** Cells that a text takes on a terminal. */
    readonly strlen: (text: string) => number;
  };
  export = utils;
}
