# SPDX-License-Identifier: MIT
# Without flakes: `nix-build nix -A macha`, and in a configuration `imports = [ "${macha}/nix/modules" ]`.
{
  pkgs ? import <nixpkgs> { },
}:
{
  inherit (pkgs.extend (import ./overlay.nix)) macha;
  overlay = import ./overlay.nix;
  modules = ./modules;
  lib = import ./lib.nix { inherit (pkgs) lib; };
}
