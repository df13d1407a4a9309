# SPDX-License-Identifier: MIT
# What building and testing needs. `nix develop`, then `script/test --no-booted`.
{
  mkShell,
  swift,
  swiftpm,
  pkg-config,
  curl,
  jq,
  libssh2,
  openssh,
  openssl,
  python3,
  shellcheck,
  sqlite,
  util-linux,
}:
mkShell {
  packages = [
    jq
    openssh
    pkg-config
    python3
    shellcheck
    swift
    swiftpm
    util-linux
  ];
  buildInputs = [
    curl
    libssh2
    openssl
    sqlite
  ];
}
