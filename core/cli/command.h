/*
 * command.h - a command line, understood: which operation, its arguments, the options that every
 * command has.
 *
 * Pure: looks at words and the registry, opens nothing. Operations are found by their longest name
 * ("turnus rule import" before "turnus rule"); what stands after the name without a dash fills the
 * positional parameters in order. Wrong words are answered with the nearest right ones.
 */
#ifndef CORE_CLI_COMMAND_H
#define CORE_CLI_COMMAND_H

#include "core/base/arena.h"
#include "core/operation/invoke.h"

enum rh_command_form { RH_FORM_TEXT, RH_FORM_JSON, RH_FORM_CSV, RH_FORM_EXCEL };
enum rh_command_help {
    RH_HELP_NONE,
    RH_HELP_OVERVIEW,
    RH_HELP_NOUN,
    RH_HELP_OPERATION,
    RH_HELP_VERSION
};

#define RH_COMMAND_ARGUMENTS_MAX 64

struct rh_command {
    const struct rh_operation_entry *op; /* borrowed from the registry; NULL for help about more */
    struct rh_argument arguments[RH_COMMAND_ARGUMENTS_MAX]; /* borrow the words of argv */
    size_t count;
    enum rh_command_help help;
    char noun[128]; /* RH_HELP_NOUN: "turnus", "turnus rule" */
    enum rh_command_form form;
    bool quiet;
    const char *output; /* all of these NULL when not given */
    const char *db, *config, *lang, *as_of;
};

/*
 * The options that say where things are are needed before there is a registry: looks for --db,
 * --config, --lang only, and never fails.
 */
void rh_command_peek(int argc, char **argv, struct rh_command *ret_command);

/* `argv` without the program's name. RH_EUSAGE with the nearest right spelling; ret_command->op is
 * set then when the command itself was right. */
int32_t rh_command_parse(const struct rh_registry *registry, int argc, char **argv,
                         struct rh_command *ret_command, struct rh_err *err);

#endif
