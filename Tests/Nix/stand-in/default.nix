# SPDX-License-Identifier: MIT
# What `import nixpkgs { }` is to the flake here: packages without content.
{
  system,
  lib ? import (builtins.getEnv "MACHA_NIXPKGS_LIB"),
}:
let
  package = name: {
    inherit name;
    type = "derivation";
    version = "99";
    outPath = "/stand-in/${name}";
    meta.mainProgram = name;
  };
  derivations = arguments: arguments // package arguments.pname // { inherit (arguments) pname version; };
  pkgs =
    lib.genAttrs [
      "curl"
      "jq"
      "libssh2"
      "makeWrapper"
      "nixfmt-tree"
      "openssh"
      "openssl"
      "patchelf"
      "pkg-config"
      "python3"
      "shellcheck"
      "sqlite"
      "swift"
      "swiftpm"
      "util-linux"
    ] package
    // {
      inherit lib pkgs;
      path = toString ./.;
      testers.runNixOSTest = test: test;
      coreutils = package "coreutils";
      stdenv = {
        mkDerivation = derivations;
        hostPlatform.system = system;
      };
      mkShell = arguments: arguments // package "shell";
      callPackage =
        file: arguments:
        let
          function = import file;
        in
        function (builtins.intersectAttrs (builtins.functionArgs function) pkgs // arguments);
    };
in
pkgs
