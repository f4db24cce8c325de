import type { Reporter, TestCase, TestModule } from 'vitest/node';

const start = Date.now();

/** Says what is running now: real tests take minutes, and the other reporters speak only at the end of each. */
class ProgressReporter implements Reporter {
  onTestModuleStart(module: TestModule): void {
    say(`file ${module.relativeModuleId}`);
  }

  onTestCaseReady(test: TestCase): void {
    say(`test ${test.fullName}`);
  }
}

// vitest loads a reporter by its default export.
export default ProgressReporter;

function say(text: string): void {
  console.log(`[${String(Math.round((Date.now() - start) / 1000)).padStart(4)} s] ${text}`);
}
