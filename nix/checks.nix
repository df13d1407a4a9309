# SPDX-License-Identifier: MIT
# `nix flake check`: the package, the modules evaluated, and a controller with a host as virtual machines.
{
  self,
  system,
  lib,
  pkgs,
}:
let
  # An account and a service that differ from case to case; all of NixOS is evaluated, and what the modules make is built.
  machine =
    name:
    (lib.nixosSystem {
      modules = [
        self.nixosModules.default
        (../Tests/Nix/good + "/${name}")
        {
          nixpkgs.hostPlatform = system;
          boot.isContainer = true;
          system.stateVersion = lib.trivial.release;
        }
      ];
    }).config;
  cases = lib.attrNames (lib.filterAttrs (name: _: lib.hasSuffix ".nix" name) (builtins.readDir ../Tests/Nix/good));
in
{
  package = self.packages.${system}.default;
  vm = import ./tests/vm.nix { inherit self pkgs; };
}
// lib.listToAttrs (
  map (case: {
    name = "module-${lib.removeSuffix ".nix" case}";
    value = (machine case).system.build.etc;
  }) cases
)
