#include "core/cli/local.h"

#include "core/operation/describe.h"

#include <string.h>

/* clang-format off */

static const struct rh_param serve_params[] = {
    {"listen", RH_TYPE_TEXT,
     .help = {"Adresse und Port; sonst nach der Konfiguration (127.0.0.1:8186)",
              "address and port; else by the configuration (127.0.0.1:8186)"}},
};

static const struct rh_operation operations[] = {
    {.name = "serve", .kind = RH_READ, .flags = RH_OP_LOCAL, .params = RH_ROWS(serve_params),
     .help = {"den Server starten: Webseiten, JSON-Schnittstelle, Aufträge",
              "start the server: pages, JSON interface, jobs"}},
    {.name = "completion bash", .kind = RH_READ, .flags = RH_OP_LOCAL,
     .help = {"Ergänzung für bash ausgeben", "write the completion for bash"}},
    {.name = "completion fish", .kind = RH_READ, .flags = RH_OP_LOCAL,
     .help = {"Ergänzung für fish ausgeben", "write the completion for fish"}},
    {.name = "completion zsh", .kind = RH_READ, .flags = RH_OP_LOCAL,
     .help = {"Ergänzung für zsh ausgeben", "write the completion for zsh"}},
    {.name = "man", .kind = RH_READ, .flags = RH_OP_LOCAL,
     .help = {"die Handbuchseite ausgeben", "write the man page"}},
    {.name = "openapi", .kind = RH_READ, .flags = RH_OP_LOCAL,
     .help = {"die Beschreibung der JSON-Schnittstelle ausgeben (OpenAPI 3.1)",
              "write the description of the JSON interface (OpenAPI 3.1)"}},
};

/* clang-format on */

const struct rh_plugin rh_cli_module = {
    RH_PLUGIN_HEAD("cli", "1.0.0"),
    .title = {"Kommandozeile", "command line"},
    .operations = RH_ROWS(operations),
};

bool rh_local_describe(const struct rh_registry *registry, const struct rh_command *command,
                       enum rh_lang lang, struct rh_str *out)
{
    const char *name = command->op ? command->op->op.name : "";

    if (strcmp(name, "completion bash") == 0)
        rh_describe_bash(registry, out);
    else if (strcmp(name, "completion zsh") == 0)
        rh_describe_zsh(registry, out);
    else if (strcmp(name, "completion fish") == 0)
        rh_describe_fish(registry, out);
    else if (strcmp(name, "man") == 0)
        rh_describe_man(registry, lang, out);
    else if (strcmp(name, "openapi") == 0)
        rh_describe_openapi(registry, lang, out);
    else
        return false;
    return true;
}
