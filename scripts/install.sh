#!/bin/sh
# Installs Kaohe, or upgrades it, from the folder that this script lies in, without a network.
#
#     sh install.sh FOLDER
#
# FOLDER then holds: kaohe (the command), current (the program), home (database, files and keys,
# unless KAOHE_HOME says otherwise), kaohe.service (an example for systemd).  Run again with a newer
# archive it upgrades: the new program stands ready before the old one is left, the database is
# backed up first, and where anything fails, the old program remains in use.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
stop() { echo "install.sh: $*" >&2; exit 1; }

[ $# = 1 ] || stop "name one folder: sh install.sh /opt/kaohe"
version=$(cat "$here/VERSION")
mkdir -p "$1"
folder=$(CDPATH='' cd -- "$1" && pwd)

python=${PYTHON:-}
for each in python3.11 python3; do
    [ -n "$python" ] || ! command -v "$each" >/dev/null || python=$each
done
[ -n "$python" ] || stop "Python 3.11 is not on this machine"
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' ||
    stop "Python 3.11 is needed; $python is another (name one with PYTHON=/path/to/python3.11)"

if command -v sha256sum >/dev/null; then
    (cd "$here" && sha256sum --quiet -c SHA256SUMS) ||
        stop "the archive is damaged; copy it anew. Nothing was changed"
fi

program="$folder/kaohe-$version"
rm -rf "$program.part"
trap 'rm -rf "$program.part"' EXIT
echo "kaohe $version → $program"
# pip comes along: some systems have Python without it.
"$python" -m venv --without-pip "$program.part"
pip=$(echo "$here"/wheels/pip-*.whl)
"$program.part/bin/python" "$pip/pip" install -q --no-index --no-cache-dir --disable-pip-version-check \
    --find-links "$here/wheels" "kaohe==$version"

export KAOHE_HOME="${KAOHE_HOME:-$folder/home}"
export KAOHE_FONTS="${KAOHE_FONTS:-$folder/fonts}"
if [ -f "$folder/kaohe.env" ]; then
    set -a
    # shellcheck disable=SC1091
    . "$folder/kaohe.env"
    set +a
fi
kaohe() { "$program.part/bin/python" -m kaohe "$@"; }
kaohe init || stop "nothing of the program in use was changed"
kaohe upgrade || stop "nothing of the program in use was changed"

mkdir -p "$folder/fonts"
find "$here/fonts" -type f -exec cp {} "$folder/fonts/" \;
rm -rf "$program"
mv "$program.part" "$program"
# A virtual environment knows its own place; its commands are called through Python.
ln -sfn "kaohe-$version" "$folder/current.new"
mv -T "$folder/current.new" "$folder/current"

cat > "$folder/kaohe.part" <<SCRIPT
#!/bin/sh
# Kaohe.  Settings of this machine stand in kaohe.env beside this file (docs: operating.md).
if [ -f "$folder/kaohe.env" ]; then set -a; . "$folder/kaohe.env"; set +a; fi
export KAOHE_HOME="\${KAOHE_HOME:-$folder/home}"
export KAOHE_FONTS="\${KAOHE_FONTS:-$folder/fonts}"
exec "$folder/current/bin/python" -m kaohe "\$@"
SCRIPT
chmod 755 "$folder/kaohe.part"
mv "$folder/kaohe.part" "$folder/kaohe"
cp "$here/operating.md" "$folder/"

cat > "$folder/kaohe.service" <<SERVICE
# Copy to /etc/systemd/system/, set User, then: systemctl enable --now kaohe
[Unit]
Description=Kaohe
After=network.target

[Service]
User=$(id -un)
ExecStart=$folder/kaohe serve
KillMode=mixed
TimeoutStopSec=60
Restart=on-failure
ProtectSystem=full
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
SERVICE
echo "Start it with: $folder/kaohe serve"
