# SPDX-License-Identifier: MIT
# `pkgs.macha`, for those who use no flakes: built with the dependencies that flake.lock pins.
final: _: {
  macha = final.callPackage ./package.nix {
    dependencies = import ./dependencies.nix { inherit (final) fetchFromGitHub; };
  };
}
