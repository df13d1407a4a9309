# SPDX-License-Identifier: MIT
# Secrets of the settings: files outside the store, handed to the service as credentials of systemd.
{ lib }:
let
  # What each key that names a file of a secret becomes, so that the service reads its own copy.
  pointers = {
    api-key-file = name: { api-key-file = "credential:${name}"; };
    heartbeat-url-file = name: { heartbeat-url-file = "credential:${name}"; };
    token-file = name: { token-credential = name; };
    secret-file = name: { secret-credential = name; };
    password-file = name: { password-credential = name; };
  };

  # Every value with its way through the settings.
  leaves =
    way: value:
    if builtins.isAttrs value then
      lib.concatLists (lib.mapAttrsToList (name: leaves (way ++ [ name ])) value)
    else if builtins.isList value then
      lib.concatLists (lib.imap0 (index: leaves (way ++ [ (toString index) ])) value)
    else
      [ { inherit way value; } ];

  isIdentity = leaf: lib.elem "identity-file" leaf.way;
  isPointer = leaf: pointers ? ${lib.last leaf.way} && !lib.hasPrefix "credential:" (toString leaf.value);
  isReference =
    leaf:
    lib.elem (lib.last leaf.way) [
      "token-credential"
      "secret-credential"
      "password-credential"
    ]
    || (builtins.isString leaf.value && lib.hasPrefix "credential:" leaf.value);

  credential = way: lib.replaceStrings [ "_" "." " " "/" ":" ] [ "-" "-" "-" "-" "-" ] (lib.concatStringsSep "-" (lib.init way));

  # A path that is no text is copied to the store wherever it is written into a file.
  inStore =
    file:
    builtins.isPath file
    || builtins.hasContext (toString file)
    || lib.hasPrefix builtins.storeDir (toString file);

  holdsLiteral =
    value:
    builtins.isString value
    && (
      builtins.match "[a-zA-Z][a-zA-Z0-9+.-]*://[^/@]*:[^/@]+@.*" value != null
      || lib.hasInfix "PRIVATE KEY-----" value
    );

  place = leaf: "`${lib.concatStringsSep "." leaf.way}`";
in
{
  # Whether `file` can hold a secret: an absolute path that stays out of the store.
  isOutside = file: !inStore file && lib.hasPrefix "/" (toString file);

  # The files of the settings' secrets, by the name of their credential.
  files =
    settings:
    lib.listToAttrs (
      map (leaf: {
        name = "${credential leaf.way}-${lib.removeSuffix "-file" (lib.last leaf.way)}";
        inherit (leaf) value;
      }) (lib.filter isPointer (leaves [ ] settings))
    );

  # The settings as they are written to the file: with credentials in place of files.
  point =
    settings:
    let
      walk =
        way: value:
        if builtins.isAttrs value then
          lib.concatMapAttrs (
            name: v:
            let
              leaf = {
                way = way ++ [ name ];
                value = v;
              };
            in
            if (builtins.isString v || builtins.isPath v) && isPointer leaf then
              pointers.${name} "${credential leaf.way}-${lib.removeSuffix "-file" name}"
            else
              { ${name} = walk leaf.way v; }
          ) value
        else if builtins.isList value then
          lib.imap0 (index: walk (way ++ [ (toString index) ])) value
        else
          value;
    in
    walk [ ] settings;

  # What is wrong with the secrets of `settings`, whose option is called `name`.
  assertions =
    name: credentials: settings:
    lib.concatMap (
      leaf:
      lib.optionals (isPointer leaf) [
        {
          assertion = !inStore leaf.value;
          message = "${name}: ${place leaf} is in the Nix store, which everybody can read; name a file outside of it, such as \"/run/secrets/macha\", in quotes.";
        }
        {
          assertion = lib.hasPrefix "/" (toString leaf.value);
          message = "${name}: ${place leaf} must be the absolute path of a file that holds the secret, not the secret itself.";
        }
      ]
      ++ lib.optional (isReference leaf) (
        let
          wanted = lib.removePrefix "credential:" leaf.value;
        in
        {
          assertion = credentials ? ${wanted};
          message = "${name}: ${place leaf} is the credential ${wanted}, which nobody hands to the service; set services.macha.credentials.${wanted} to the file that holds it.";
        }
      )
      ++ lib.optional (isIdentity leaf) {
        assertion = !inStore leaf.value;
        message = "${name}: ${place leaf} is in the Nix store, which everybody can read; set services.macha.sshKeyFile to a file outside of it.";
      }
      ++ lib.optional (holdsLiteral leaf.value) {
        assertion = false;
        message = "${name}: ${place leaf} holds a password or a private key, and everybody could read it in the Nix store; put it into a file and name the file.";
      }
    ) (leaves [ ] settings);
}
