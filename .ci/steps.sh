# Sourced by what runs tests in steps: from the project's folder, without old reports; a failed step is noted, and the next one runs all the same.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CI=true NO_COLOR=1
rm -rf .test
mkdir -p .test
status=0
step() {
  echo "== $1"
  shift
  "$@" </dev/null || { echo "FAILED: $*"; status=1; }
}
