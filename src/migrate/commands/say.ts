import { bulletLines, errorLines, messageLines, SEPARATOR } from '../../calico/migration/text.ts';

/** Words for people, in upstream's form. */
export interface Say {
  message(text: string): void;
  bullet(text: string): void;
  error(text: string): void;
  separator(): void;
  newLine(): void;
  /** As it is, with its line break. */
  line(text: string): void;
  /** Without a line break. */
  prompt(text: string): void;
}

export function sayTo(write: (text: string) => void): Say {
  const lines = (all: readonly string[]): void => {
    if (all.length > 0) write(`${all.join('\n')}\n`);
  };
  return {
    message: (text) => lines(messageLines(text)),
    bullet: (text) => lines(bulletLines(text)),
    error: (text) => lines(errorLines(text)),
    separator: () => lines(SEPARATOR),
    newLine: () => write('\n'),
    line: (text) => write(`${text}\n`),
    prompt: write,
  };
}
