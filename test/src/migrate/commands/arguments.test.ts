import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../../src/migrate/commands/arguments.ts';

const DEFAULTS = { ignoreV3Data: false, noPrompts: false, force: false, output: 'text', logLevel: 'panic' };

describe('understood', () => {
  test.each([
    ['needed', 'needed', {}],
    ['inprogress --no-prompts', 'in-progress', { noPrompts: true }],
    ['start --no-prompt --output-dir=/r', 'start', { noPrompts: true, outputDir: '/r' }],
    ['start --output-d /r --ign', 'start', { outputDir: '/r', ignoreV3Data: true }],
    ['-l debug needed --apiconfigv3 /3 --apiconfigv1=/1', 'needed', { logLevel: 'debug', apiconfigv3: '/3', apiconfigv1: '/1' }],
    ['--log-level=info start', 'start', { logLevel: 'info' }],
    ['--log warn complete --force --output json', 'complete', { logLevel: 'warn', force: true, output: 'json' }],
  ])('%s', (line, command, options) => {
    expect(parseArguments(line.split(' '))).toEqual({ is: 'command', command, options: { ...DEFAULTS, ...options } });
  });

  test('help and version, before and after the command', () => {
    expect(parseArguments(['--help'])).toEqual({ is: 'help' });
    expect(parseArguments(['start', '-h'])).toEqual({ is: 'help', command: 'start' });
    expect(parseArguments(['--version'])).toEqual({ is: 'version' });
  });
});

test('no command at all is wrong', () => {
  expect(parseArguments([])).toEqual({ is: 'wrong', text: 'no command is given' });
});

describe('refused, and never taken for an answer', () => {
  test.each([
    ['', 'Unknown command: ""'],
    ['need', 'Unknown command: "need"'],
    ['needed --output-dir=x', "Unknown option '--output-dir'"],
    ['needed more', "Unexpected argument 'more'"],
    ['start --apiconfigv /x', '--apiconfigv may be --apiconfigv3 or --apiconfigv1'],
    ['start --output /r', '--output /r: expected text or json; the folder of the reports is --output-dir'],
    ['start --force', "Unknown option '--force'"],
    ['-l loud needed', 'Unknown log level: loud, expected one of: panic, fatal, error, warn, info, debug'],
    ['start --output-dir', "Option '--output-dir <value>' argument missing"],
    ['start --no-prompts=true', "Option '--no-prompts' does not take an argument"],
    ['--bogus', 'no command is given beside --bogus'],
  ])('%s', (line, text) => {
    expect(parseArguments(line.split(' '))).toMatchObject({ is: 'wrong', text: expect.stringContaining(text) });
  });
});
