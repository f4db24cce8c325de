// Adds up vitest's JSON reports and prints the closing line. Fails on a failed step, a failed or skipped test, or a report that is missing.
import { readFileSync } from 'node:fs';

const [, , status, ...reports] = process.argv;
const total = { passed: 0, failed: 0, skipped: 0 };
let complete = true;
for (const report of reports) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    total.passed += numPassedTests;
    total.failed += numFailedTests;
    total.skipped += numPendingTests + numTodoTests;
    for (const { name, assertionResults } of testResults) {
      for (const { fullName, status: outcome } of assertionResults) if (outcome !== 'passed') console.log(`${outcome}: ${name}: ${fullName}`);
    }
    complete &&= success && numPassedTests > 0;
  } catch (error) {
    console.log(`no report ${report}: ${error.message}`);
    complete = false;
  }
}
if (total.skipped > 0) console.log('skipped tests are not expected here');
process.exitCode = status === '0' && complete && total.failed === 0 && total.skipped === 0 ? 0 : 1;
if (process.exitCode === 1 && total.failed === 0) console.log('a step or a report above failed');
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
