/**
 * How every YAML text is written: no line is wrapped, and text in quotes stays in one line. There the library (yaml 2.9.1, `doubleQuotedString`) would write a line
 * of a single blank as a backslash.
 */
export const YAML_STYLE = { lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity } as const;
