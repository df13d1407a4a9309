# SPDX-License-Identifier: MIT
{
  description = "Macha monitors and repairs a fleet of NixOS machines";

  # Its own nixpkgs: building needs Swift 6.2, which a stable release may not have. The other inputs are the sources of the
  # Swift packages; `nix flake lock` pins all of them.
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    GRDB-swift = {
      url = "github:groue/GRDB.swift/v7.10.0";
      flake = false;
    };
    Yams = {
      url = "github:jpsim/Yams/6.2.2";
      flake = false;
    };
    swift-argument-parser = {
      url = "github:apple/swift-argument-parser/1.8.2";
      flake = false;
    };
    swift-async-algorithms = {
      url = "github:apple/swift-async-algorithms/1.1.4";
      flake = false;
    };
    swift-collections = {
      url = "github:apple/swift-collections/1.6.0";
      flake = false;
    };
    swift-log = {
      url = "github:apple/swift-log/1.16.2";
      flake = false;
    };
    swift-service-lifecycle = {
      url = "github:swift-server/swift-service-lifecycle/2.13.0";
      flake = false;
    };
    swift-subprocess = {
      url = "github:swiftlang/swift-subprocess/1.0.2";
      flake = false;
    };
    swift-system = {
      url = "github:apple/swift-system/1.8.1";
      flake = false;
    };
  };

  outputs =
    { self, nixpkgs, ... }@inputs:
    let
      inherit (nixpkgs) lib;
      forEach = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
      pkgs = forEach (system: import nixpkgs { inherit system; });
      # An input's name may not contain a dot.
      dependencies =
        removeAttrs inputs [
          "self"
          "nixpkgs"
          "GRDB-swift"
        ]
        // {
          "GRDB.swift" = inputs.GRDB-swift;
        };
      # A module with the package of this flake, so that it needs no overlay and no newer nixpkgs of yours.
      withPackage =
        names: module:
        { lib, pkgs, ... }:
        {
          imports = [ module ];
          services = lib.genAttrs names (_: {
            package = lib.mkDefault self.packages.${pkgs.stdenv.hostPlatform.system}.default;
          });
        };
    in
    {
      packages = forEach (system: {
        default = self.packages.${system}.macha;
        macha = pkgs.${system}.callPackage ./nix/package.nix { inherit dependencies; };
      });

      overlays.default = final: _: {
        macha = self.packages.${final.stdenv.hostPlatform.system}.default;
      };

      nixosModules = {
        default = withPackage [
          "macha"
          "macha-host"
        ] ./nix/modules;
        controller = withPackage [ "macha" ] ./nix/modules/controller.nix;
        autonomous = withPackage [
          "macha"
          "macha-host"
        ] ./nix/modules/autonomous.nix;
        host = withPackage [ "macha-host" ] ./nix/modules/host.nix;
      };

      lib = import ./nix/lib.nix { inherit lib; };

      apps = forEach (system: {
        default = {
          type = "app";
          program = lib.getExe self.packages.${system}.default;
        };
      });

      devShells = forEach (system: {
        default = pkgs.${system}.callPackage ./nix/shell.nix { };
      });

      formatter = forEach (system: pkgs.${system}.nixfmt-tree);

      checks = forEach (
        system:
        import ./nix/checks.nix {
          inherit self system lib;
          pkgs = pkgs.${system};
        }
      );
    };
}
