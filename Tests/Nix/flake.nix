# SPDX-License-Identifier: MIT
# The outputs of the flake with nixpkgs' lib and a stand-in for its packages: which there are, and that all of them evaluate.
{ libPath }:
let
  # `import nixpkgs { }` is stand-in/default.nix.
  nixpkgs = {
    lib = import libPath;
    outPath = "${toString ./stand-in}";
  };
  inherit (nixpkgs) lib;
  flake = import ../../flake.nix;
  source = name: {
    inherit name;
    value = "/dependencies/${name}";
  };
  names = removeAttrs flake.inputs [ "nixpkgs" ];
  self = flake.outputs (
    lib.mapAttrs (name: _: (source name).value) names
    // {
      inherit self nixpkgs;
    }
  ) // { outPath = toString ../..; };

  # A fleet of two, and its inventory.
  machine = name: level: {
    config = {
      networking.hostName = name;
      services.macha-host.enable = true;
      services.macha-host.entry = {
        address = name;
        autonomy = level;
        groups = [ "home" ];
      };
    };
  };

  # The virtual machines of the test, with the options of NixOS as stub.nix has them.
  vm = import ../../nix/tests/vm.nix {
    inherit self;
    pkgs = import ./stand-in {
      inherit lib;
      system = "x86_64-linux";
    };
  };
  node =
    module:
    let
      inherit
        (lib.evalModules {
          modules = [
            ./stub.nix
            { _module.args.pkgs = import ./pkgs.nix { inherit lib; macha = null; } // { stdenv.hostPlatform.system = "x86_64-linux"; }; }
            module
          ];
        })
        config
        ;
      failed = map (a: a.message) (lib.filter (a: !a.assertion) config.assertions);
    in
    if failed == [ ] then lib.attrNames config.systemd.services else throw (toString failed);
in
{
  machines = lib.mapAttrs (_: node) vm.nodes;
  outputs = lib.mapAttrs (_: lib.attrNames) (
    removeAttrs self [ "outPath" ]
  );
  package = lib.mapAttrs (_: packages: packages.default.pname + " " + packages.default.version) self.packages;
  modules = lib.mapAttrs (_: lib.isFunction) self.nixosModules;
  overlay = (self.overlays.default (import ./stand-in { system = "x86_64-linux"; inherit lib; }) { }).macha.pname;
  shells = lib.mapAttrs (_: shells: shells.default.name) self.devShells;
  programs = lib.mapAttrs (_: apps: apps.default.program) self.apps;
  inventory = self.lib.inventory {
    nas = machine "nas" "observe";
    desk = machine "bureau" "suggest";
    laptop.config.networking.hostName = "laptop";
  } { defaults.user = "macha"; };
}
