#!/bin/sh
# Builds build/kaohe-<version>-offline.tar.gz: everything that a machine with Python 3.11, of this
# kind and without a network, needs to install or to upgrade Kaohe.  Run by `make offline`.
set -eu
bin=.venv/bin
version=$($bin/python -c 'import kaohe; print(kaohe.__version__)')
name="kaohe-$version-offline"
place="build/offline/$name"
rm -rf build/offline
mkdir -p "$place/wheels" "$place/fonts"

# What is only there as source is built here, where there is a network.
$bin/python -m pip wheel -q --disable-pip-version-check --require-hashes --no-deps \
    -r requirements-run.lock -w "$place/wheels"
$bin/python -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation \
    -w "$place/wheels" .
$bin/python -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: \
    -d "$place/wheels" "pip==$($bin/python -c 'import pip; print(pip.__version__)')"

# Papers are set in these; a machine with fonts of its own does not need them.
for font in NotoSerifCJK-Regular.ttc NotoSerifCJK-Bold.ttc NotoSansCJK-Regular.ttc; do
    found=$(find /usr/share/fonts "${KAOHE_FONTS:-/nonexistent}" -name "$font" 2>/dev/null | head -n 1)
    [ -z "$found" ] || cp "$found" "$place/fonts/"
done

cp scripts/install.sh docs/operating.md LICENSE "$place/"
echo "$version" > "$place/VERSION"
(cd "$place" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum > SHA256SUMS)
tar -C build/offline --owner=0 --group=0 --sort=name -czf "build/$name.tar.gz.part" "$name"
mv "build/$name.tar.gz.part" "build/$name.tar.gz"
echo "build/$name.tar.gz"
