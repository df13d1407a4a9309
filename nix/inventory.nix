# SPDX-License-Identifier: MIT
# The files of inventory and playbooks, from Nix values or from paths.
{ lib, pkgs }:
let
  isValue = value: builtins.isAttrs value && !lib.isDerivation value;

  # JSON is YAML, and Nix writes it without a tool.
  written = name: value: pkgs.writeText name (builtins.toJSON value);

  # Always a folder, whatever was given.
  folder =
    name: files:
    pkgs.runCommand "macha-${name}" { preferLocalBuild = true; } (
      ''
        mkdir "$out"
      ''
      + files
    );

  copied = name: path: ''
    if [ -d ${path} ]; then cp -r ${path}/. "$out"; else cp ${path} "$out"/${name}.yaml; fi
  '';
in
{
  inventory =
    value:
    folder "inventory" (
      copied "inventory" (if isValue value then written "inventory.yaml" value else "${value}")
    );

  # Playbooks as values are named by their ids; as files they are what the program reads.
  playbooks =
    value:
    folder "playbooks" (
      if isValue value then
        lib.concatStrings (
          lib.mapAttrsToList (id: playbook: copied id (written "${id}.yaml" ({ inherit id; } // playbook))) value
        )
      else
        copied "playbooks" "${value}"
    );
}
