# SPDX-License-Identifier: MIT
# As much of nixpkgs as the modules use, made of this machine's own programs. Derivations are real: Nix builds them, without a
# sandbox, into a store of the test's own.
{
  lib,
  # The program, or null where it is not built: then nothing is built with it.
  macha,
}:
let
  installed =
    name:
    {
      inherit name;
      type = "derivation";
      outPath = "/usr";
      meta.mainProgram = name;
    };

  build =
    name: arguments: script:
    let
      inputs = arguments.nativeBuildInputs or [ ];
    in
    derivation (
      removeAttrs arguments [ "nativeBuildInputs" ]
      // {
        inherit name script;
        system = builtins.currentSystem;
        builder = "/bin/bash";
        args = [
          "-c"
          ''set -eo pipefail; eval "$script"''
        ];
        PATH = "${lib.makeBinPath inputs}:/usr/bin:/bin:/usr/sbin:/sbin";
      }
    )
    // {
      meta.mainProgram = name;
    };

  # nixpkgs has more types; this is the one that its `formats` share.
  json =
    lib.types.nullOr (
      lib.types.oneOf [
        lib.types.bool
        lib.types.int
        lib.types.float
        lib.types.str
        lib.types.path
        (lib.types.attrsOf json)
        (lib.types.listOf json)
      ]
    )
    // {
      description = "JSON value";
    };
in
{
  runCommand = build;
  writeText =
    name: text:
    build name {
      inherit text;
      passAsFile = [ "text" ];
    } ''cp "$textPath" "$out"'';
  writeShellScriptBin =
    name: text:
    build name {
      text = "#!/bin/bash\n${text}";
      passAsFile = [ "text" ];
    } ''mkdir -p "$out"/bin; cp "$textPath" "$out/bin/${name}"; chmod +x "$out/bin/${name}"'';
  formats.json = _: { type = json; };
  formats.yaml = _: { type = json; };

  coreutils = installed "coreutils";
  getent = installed "getent";
  gnused = installed "gnused";
  openssh = installed "ssh";
  socat = installed "socat";
  sudo = installed "sudo";

  macha =
    if macha == null then
      installed "macha"
    else
      build "macha" { } ''mkdir -p "$out"/bin; ln -s ${macha} "$out"/bin/macha'';
}
