# SPDX-License-Identifier: MIT
# services.macha-autonomous: the first Macha's options. What they meant is said here in those of services.macha.
{
  config,
  lib,
  ...
}:
let
  cfg = config.services.macha-autonomous;
  text = lib.types.str;

  renamed = name: lib.mkRenamedOptionModule [ "services" "ai-sysadmin" name ] [ "services" "macha-autonomous" name ];
  removed = name: lib.mkRemovedOptionModule [ "services" "macha-autonomous" name ];

  isFile = lib.hasPrefix "/" cfg.gotifyToken;
  tokenFile = if cfg.gotifyTokenFile != null then cfg.gotifyTokenFile else if isFile then cfg.gotifyToken else null;

  # Services that run all the time on this machine. The program takes those out that no automatic decision may touch.
  running = lib.attrNames (
    lib.filterAttrs (
      name: service:
      lib.elem "multi-user.target" service.wantedBy
      && !lib.hasInfix "@" name
      && !lib.elem (service.serviceConfig.Type or "simple") [ "oneshot" ]
      && builtins.match "[A-Za-z0-9:_.-]+" name != null
      && !lib.hasPrefix "macha" name
    ) config.systemd.services
  );
in
{
  imports = [
    ./controller.nix
    ./host.nix
    ./self.nix
    (removed "ollamaAcceleration" "Macha points at Ollama and does not set it up: choose services.ollama.package = pkgs.ollama-cuda or pkgs.ollama-rocm.")
    (removed "preloadModels" "Macha points at Ollama and does not set it up: name models in services.ollama.loadModels.")
    (removed "aiName" "the program, its unit and its account have one name each; see services.macha.")
    (removed "user" "set services.macha.user.")
    (removed "group" "set services.macha.user; the group has the same name.")
  ]
  ++ map renamed [
    "enable"
    "autonomyLevel"
    "checkInterval"
    "model"
    "ollamaHost"
    "gotifyUrl"
    "gotifyToken"
    "remoteSystems"
    "configRepo"
    "configBranch"
    "uid"
  ];

  options.services.macha-autonomous = {
    enable = lib.mkEnableOption "Macha on this machine, for this machine and those of `remoteSystems`";

    autonomyLevel = lib.mkOption {
      type = lib.types.enum [
        "observe"
        "suggest"
        "auto-safe"
        "auto-full"
      ];
      default = "suggest";
      description = "How far Macha may go without asking: `autonomy` in the inventory's defaults.";
    };

    checkInterval = lib.mkOption {
      type = lib.types.ints.positive;
      default = 300;
      description = "Seconds between two checks of a machine: `check-interval` in the inventory's defaults.";
    };

    model = lib.mkOption {
      type = text;
      default = "llama3.1:70b";
      example = "qwen3:8b-fp16";
      description = "The model that is asked: `model-endpoints.ollama.models` of the settings. It has to be there already.";
    };

    ollamaHost = lib.mkOption {
      type = text;
      default = "http://localhost:11434";
      example = "http://192.168.1.100:11434";
      description = "Where Ollama listens: `model-endpoints.ollama.url` of the settings.";
    };

    gotifyUrl = lib.mkOption {
      type = text;
      default = "";
      description = "Where Gotify listens: `notifications.receivers.gotify.url` of the settings. Nothing is sent while it is empty.";
    };

    gotifyToken = lib.mkOption {
      type = text;
      default = "";
      description = "Use `gotifyTokenFile`: a token written here would be in the Nix store, which everybody can read.";
    };

    gotifyTokenFile = lib.mkOption {
      type = lib.types.nullOr text;
      default = null;
      example = "/run/secrets/gotify";
      description = "A file outside of the store with the token of Gotify.";
    };

    remoteSystems = lib.mkOption {
      type = lib.types.listOf text;
      default = [ ];
      example = [ "nas.lan" ];
      description = ''
        More machines, by name or address. Macha logs in as `macha` with the key of `services.macha.sshKeyFile`; without one,
        with the key that is made on this machine: /var/lib/macha-self/ssh-key.pub.
      '';
    };

    configRepo = lib.mkOption {
      type = text;
      default = "";
      description = "The repository of the machines' configuration: the key of the same name in the settings.";
    };

    configBranch = lib.mkOption {
      type = text;
      default = "main";
      description = "Its branch.";
    };

    uid = lib.mkOption {
      type = lib.types.nullOr lib.types.int;
      default = null;
      description = "The number of the service's account; chosen by NixOS without it.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = cfg.gotifyToken == "" || isFile;
        message = "services.macha-autonomous.gotifyToken is written in the configuration, and everybody could read it in the Nix store; put the token into a file and set services.macha-autonomous.gotifyTokenFile = \"/run/secrets/gotify\".";
      }
      {
        assertion = cfg.gotifyUrl == "" || tokenFile != null || cfg.gotifyToken != "";
        message = "services.macha-autonomous.gotifyUrl is set, but Gotify takes nothing without a token; set services.macha-autonomous.gotifyTokenFile.";
      }
    ];
    warnings = lib.optional (cfg.gotifyToken != "" && isFile)
      "services.macha-autonomous.gotifyToken names a file; its name is services.macha-autonomous.gotifyTokenFile now.";

    services.macha = {
      enable = true;
      self.enable = true;
      sshKeyFile = lib.mkIf (cfg.remoteSystems != [ ]) (lib.mkDefault "/var/lib/macha-self/ssh-key");
      inventory = {
        defaults = {
          user = lib.mkDefault "macha";
          autonomy = lib.mkDefault cfg.autonomyLevel;
          check-interval = lib.mkDefault "${toString cfg.checkInterval}s";
        };
        hosts = lib.genAttrs (lib.remove config.networking.hostName cfg.remoteSystems) (_: { });
      };
      settings = {
        model-endpoints.ollama = {
          kind = lib.mkDefault "ollama";
          url = lib.mkOverride 900 cfg.ollamaHost;
          models = lib.mkOverride 900 [ cfg.model ];
        };
        notifications.receivers = lib.mkIf (cfg.gotifyUrl != "" && tokenFile != null) {
          gotify = {
            kind = lib.mkDefault "gotify";
            url = lib.mkOverride 900 cfg.gotifyUrl;
            token-file = tokenFile;
          };
        };
        configRepo = lib.mkIf (cfg.configRepo != "") cfg.configRepo;
        configBranch = lib.mkIf (cfg.configRepo != "") cfg.configBranch;
      };
    };

    # The first Macha could restart any unit. Here it is those that this configuration runs, one by one.
    services.macha-host.managedUnits = lib.mkDefault running;

    users.users.${config.services.macha.user}.uid = lib.mkIf (cfg.uid != null) cfg.uid;
  };
}
