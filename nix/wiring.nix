# SPDX-License-Identifier: MIT
# Services of this machine that the controller uses when they are enabled. All of it by mkDefault: what is set wins.
{
  config,
  lib,
  options,
}:
let
  # Not every evaluation knows every module of NixOS.
  enabled = name: options.services ? ${name} && config.services.${name}.enable;
  inherit (lib) mkDefault;
in
lib.mkMerge [
  (lib.optionalAttrs (options.services ? ollama) {
    model-endpoints = lib.mkIf (enabled "ollama") {
      ollama = {
        kind = mkDefault "ollama";
        url = mkDefault "http://127.0.0.1:${toString config.services.ollama.port}";
        models = mkDefault (config.services.ollama.loadModels or [ ]);
      };
    };
  })
  (lib.optionalAttrs (options.services ? gotify) {
    notifications.receivers = lib.mkIf (enabled "gotify") {
      gotify = {
        kind = mkDefault "gotify";
        url = mkDefault "http://127.0.0.1:${toString (config.services.gotify.environment.GOTIFY_SERVER_PORT or 80)}";
      };
    };
  })
  (lib.optionalAttrs (options.services ? ntfy-sh) {
    notifications.receivers = lib.mkIf (enabled "ntfy-sh") {
      ntfy = {
        kind = mkDefault "ntfy";
        url = mkDefault config.services.ntfy-sh.settings.base-url;
        topic = mkDefault "macha";
      };
    };
  })
]
