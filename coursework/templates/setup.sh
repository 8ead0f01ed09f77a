#!/usr/bin/env bash
# Run once by Gradescope, as root, when the autograder is built:
# https://gradescope-autograders.readthedocs.io/en/latest/specs/
set -euo pipefail
autograder="${AUTOGRADER_ROOT:-/autograder}"
environment="${AUTOGRADER_ENVIRONMENT:-/usr/local/lib/coursework}"
if [ -z "${AUTOGRADER_OFFLINE:-}" ]; then
  apt-get update -q
  apt-get install -q -y --no-install-recommends bubblewrap python3 python3-venv
fi
if ! python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
  echo "Python 3.11 to 3.13 is needed; choose Ubuntu 24.04 as the base image." >&2
  exit 1
fi
python3 -m venv "$environment"
if [ -z "${AUTOGRADER_OFFLINE:-}" ]; then
  "$environment/bin/pip" install --quiet --no-cache-dir \
    --constraint "$autograder/source/constraints.txt" \
    --requirement "$autograder/source/packages.txt"
fi
chmod -R go-rwx "$autograder/source"
