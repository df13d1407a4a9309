# SPDX-License-Identifier: MIT
# The sources of the Swift packages as flake.lock pins them, without flakes.
{ fetchFromGitHub }:
let
  file = ../flake.lock;
  lock =
    if builtins.pathExists file then
      builtins.fromJSON (builtins.readFile file)
    else
      throw "flake.lock is not there, so nothing says which sources are meant; make it once with: nix flake lock";
  sources = removeAttrs lock.nodes.${lock.root}.inputs [ "nixpkgs" ];
  fetch =
    node:
    let
      inherit (lock.nodes.${node}) locked;
    in
    fetchFromGitHub {
      inherit (locked) owner repo rev;
      hash = locked.narHash;
    };
in
# An input's name may not contain a dot.
builtins.mapAttrs (_: fetch) (removeAttrs sources [ "GRDB-swift" ])
// {
  "GRDB.swift" = fetch sources.GRDB-swift;
}
