#!/bin/sh
# What must come from Debian: venv support for Python and a Chinese font.  Installs only what is
# missing, as root or with sudo that asks nothing; otherwise says what to install, and goes on.
set -eu
missing=""
python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
find /usr/share/fonts /usr/local/share/fonts "${HOME:-/root}/.fonts" "${KAOHE_FONTS:-/nonexistent}" \
    \( -iname 'NotoSerifCJK*' -o -iname 'SourceHanSerif*' -o -iname 'simsun*' -o -iname 'simfang*' \) \
    2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then run=""; elif sudo -n true 2>/dev/null; then run="sudo -n"; else
    echo "Please install as root:$missing" >&2
    exit 0
fi
echo "Installing from Debian:$missing"
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
# shellcheck disable=SC2086
$run apt-get install -y -qq --no-install-recommends $missing >/dev/null
