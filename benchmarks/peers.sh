#!/bin/sh
# Installs the programs the benchmarks compare with into a virtual environment of their own; the product never uses it.
set -eu
cd "$(dirname "$0")/.."
[ -x .venv-peers/bin/python ] || python3.11 -m venv .venv-peers
.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
