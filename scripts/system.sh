#!/bin/sh
# What must come from Debian.  For the demo: venv support for Python, a Chinese font, npm for what
# the pages load.  With the word "test" also a browser, a database server and Go.  Installs only
# what is missing, as root or with sudo that asks nothing; otherwise says what to install, and goes
# on.
set -eu
missing=""
need() { missing="$missing $*"; }

python3 -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
find /usr/share/fonts /usr/local/share/fonts "${HOME:-/root}/.fonts" "${KAOHE_FONTS:-/nonexistent}" \
    \( -iname 'NotoSerifCJK*' -o -iname 'SourceHanSerif*' -o -iname 'simsun*' -o -iname 'simfang*' \) \
    2>/dev/null | grep -q . || need fonts-noto-cjk
command -v npm >/dev/null || need nodejs npm

for word in "$@"; do
    case "$word" in
    test)
        command -v chromium >/dev/null || need chromium
        # The server programs only: tests start a cluster of their own, in a directory of their own.
        ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
        # Go verifies what our log writes, with its own code.
        command -v go >/dev/null || need golang-go
        test -d /usr/share/gocode/src/golang.org/x/mod/sumdb || need golang-golang-x-mod-dev
        ;;
    *)
        echo "system.sh knows only the word test, not $word" >&2
        exit 2
        ;;
    esac
done

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then run=""; elif sudo -n true 2>/dev/null; then run="sudo -n"; else
    echo "Please install as root:$missing" >&2
    exit 0
fi
echo "Installing from Debian:$missing"
export DEBIAN_FRONTEND=noninteractive
# Another program may hold the lock for a while, on a machine that updates itself.
apt="$run apt-get -o DPkg::Lock::Timeout=300"
$apt update -qq
# shellcheck disable=SC2086
$apt install -y -qq --no-install-recommends $missing >/dev/null
