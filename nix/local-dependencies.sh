#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Points Package.swift in the current folder at local copies of its dependencies: each folder of $1 is one, by its name.
set -euo pipefail

# The copy is named as it is seen from the package.
for folder in "${1:?the folder of the dependencies}"/*/; do
    name=$(basename "$folder")
    if grep -qE "^ +\.package\(url: \"[^\"]*/$name(\.git)?\"" Package.swift; then
        sed -E -i "s|\.package\(url: \"[^\"]*/$name(\.git)?\", from: \"[^\"]*\"\)|.package(path: \"$1/$name\")|" Package.swift
    else
        # What only the dependencies need has to be named too, or it would be looked for where they say.
        sed -i "0,/^    dependencies: \[\$/s||    dependencies: [\n        .package(path: \"$1/$name\"),|" Package.swift
    fi
done
if grep -nE '\.package\(url:' Package.swift; then
    echo "Package.swift: no local copy of the dependencies above; add them to the inputs of flake.nix" >&2
    exit 1
fi
