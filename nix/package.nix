# SPDX-License-Identifier: MIT
# The program, built from source. `dependencies` are the sources of the Swift packages by their names: the flake hands in its
# inputs, so that flake.lock is the one place that pins them.
{
  lib,
  stdenv,
  swift,
  swiftpm,
  pkg-config,
  makeWrapper,
  patchelf,
  curl,
  libssh2,
  openssh,
  openssl,
  sqlite,
  dependencies,
}:
assert lib.assertMsg (lib.versionAtLeast swift.version "6.2")
  "Macha needs Swift 6.2 or later, and this nixpkgs has ${swift.version}: use the flake's own nixpkgs, or nixos-unstable";
assert lib.assertMsg (lib.versionAtLeast libssh2.version "1.11")
  "Macha needs libssh2 1.11 or later to reach NixOS hosts, and this nixpkgs has ${libssh2.version}";
stdenv.mkDerivation {
  pname = "macha";
  version = lib.trim (builtins.readFile ../VERSION);

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../LICENSE
      ../Package.swift
      ../Sources
      ../Tests
      ../VERSION
      ../playbooks
    ];
  };

  strictDeps = true;
  nativeBuildInputs = [
    makeWrapper
    patchelf
    pkg-config
    swift
    swiftpm
  ];
  buildInputs = [
    libssh2
    openssl
    sqlite
  ];

  # SwiftPM resolves nothing over the network: each dependency is a folder beside the package. A folder overrides what other
  # dependencies say of the same package.
  postPatch = ''
    mkdir ../dependencies
  ''
  + lib.concatStrings (
    lib.mapAttrsToList (name: source: ''
      cp -r ${source} ../dependencies/${name}
    '') dependencies
  )
  + ''
    chmod -R u+w ../dependencies
    bash ${./local-dependencies.sh} ../dependencies
  '';

  swiftpmFlags = [
    "--product"
    "macha"
  ];
  # The tests need sshd, namespaces and Python; `script/test` runs them. Here the program has to start.
  doCheck = false;
  doInstallCheck = true;
  installCheckPhase = ''
    HOME=$PWD "$out"/bin/macha --version
    HOME=$PWD "$out"/bin/macha playbooks validate
  '';

  # The program is also called by other names, which are in one place of its source.
  installPhase = ''
    runHook preInstall
    install -Dm755 "$(swift build -c release --show-bin-path)"/macha "$out"/bin/macha
    for name in $(grep -oE '"macha-[a-z-]+": \[' Sources/MachaCLI/FirstMacha.swift | tr -d '":[ '); do
      ln -s macha "$out"/bin/"$name"
    done
    install -Dm644 LICENSE -t "$out"/share/licenses/macha
    runHook postInstall
  '';

  # libcurl is loaded when it is used, so it is in no list of what is needed; `ssh -G` reads ssh's configuration.
  postFixup = ''
    patchelf --add-rpath ${lib.makeLibraryPath [ curl ]} "$out"/bin/macha
    wrapProgram "$out"/bin/macha --suffix PATH : ${lib.makeBinPath [ openssh ]}
  '';

  meta = {
    description = "Monitor and repair a fleet of NixOS machines";
    license = lib.licenses.mit;
    mainProgram = "macha";
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
    ];
  };
}
