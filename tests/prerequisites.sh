#!/bin/sh
# Installs, where this is allowed, what the tests need beyond Python; what cannot be had is reported by the tests that
# miss it, each with its reason.
set -u
missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need chromium chromium
need pdftoppm poppler-utils
need qpdf qpdf
need softhsm2-util softhsm2
need java default-jre-headless
[ -e /usr/share/java/jaxb-impl.jar ] || missing="$missing libjaxb-java"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
for program in chromium pdftoppm qpdf softhsm2-util java; do
    command -v "$program" >/dev/null 2>&1 || echo "note: $program is not installed; the tests that need it are skipped"
done
exit 0
