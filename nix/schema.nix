# SPDX-License-Identifier: MIT
# Option types from a JSON schema: what the program checks when it starts, checked when the system is evaluated.
# The schema is `macha config schema`, kept as config.schema.json; Tests/Nix/run holds the two equal.
{ lib }:
let
  inherit (lib) mkOption types;

  # A pattern that Nix's POSIX expressions take: without the anchors, which strMatching sets itself.
  pattern = text: lib.removeSuffix "$" (lib.removePrefix "^" text);

  integer =
    schema:
    if schema ? minimum && schema ? maximum then
      types.ints.between schema.minimum schema.maximum
    else if schema.minimum or null == 1 then
      types.ints.positive
    else if schema.minimum or null == 0 then
      types.ints.unsigned
    else
      types.int;

  # `additionalProperties` is a schema where any name may stand, and false where the names are given.
  object =
    schema:
    if builtins.isAttrs (schema.additionalProperties or null) then
      types.attrsOf (type schema.additionalProperties)
    else
      types.submodule { options = options schema; };

  type =
    schema:
    if schema ? enum then
      types.enum schema.enum
    else
      {
        string = if schema ? pattern then types.strMatching (pattern schema.pattern) else types.str;
        boolean = types.bool;
        integer = integer schema;
        number = types.number;
        array = types.listOf (type (schema.items or { }));
        object = object schema;
      }
      .${schema.type or ""} or types.raw;

  # An option that nobody sets is `null` and not written to the file, so that the program's own default holds.
  option =
    schema:
    if schema.type or "" == "object" && builtins.isAttrs (schema.additionalProperties or null) then
      mkOption {
        type = type schema;
        default = { };
        description = schema.description or "Any number, by name.";
      }
    else if schema.type or "" == "object" then
      mkOption {
        type = type schema;
        default = { };
        description = schema.description or "Settings of this part.";
      }
    else
      mkOption {
        type = types.nullOr (type schema);
        default = null;
        description = schema.description or "A key of the first Macha's `config.json`.";
      };

  options = schema: lib.mapAttrs (_: option) schema.properties;

  # Without what nobody set.
  prune =
    value:
    if builtins.isAttrs value then
      lib.filterAttrs (_: v: v != null && v != { }) (lib.mapAttrs (_: prune) value)
    else if builtins.isList value then
      map prune value
    else
      value;
in
{
  inherit options prune;
}
