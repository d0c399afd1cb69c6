#include "core/cli/command.h"

#include "core/base/text.h"
#include "core/operation/describe.h"

#include <string.h>

/* ---- options ---- */

/* "--name=value" or "--name" of a word; the value is NULL when there is no '='. */
static bool is_option(const char *word, char name[64], const char **ret_value)
{
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);

    if (strncmp(word, "--", 2) != 0 || length < 3 || length - 2 >= 64)
        return false;
    memcpy(name, word + 2, length - 2);
    name[length - 2] = '\0';
    *ret_value = equals ? equals + 1 : NULL;
    return true;
}

static const struct rh_param *common_option(const char *name)
{
    for (int32_t i = 0; i < rh_common_option_count; i++)
        if (strcmp(rh_common_options[i].name, name) == 0)
            return &rh_common_options[i];
    return NULL;
}

/* "--note --yes": the note was forgotten. A value that begins so stands behind '='. */
static bool is_value(const char *next)
{
    return next && strncmp(next, "--", 2) != 0;
}

static const char **place_of(struct rh_command *command, const char *name)
{
    if (strcmp(name, "db") == 0)
        return &command->db;
    if (strcmp(name, "config") == 0)
        return &command->config;
    if (strcmp(name, "lang") == 0)
        return &command->lang;
    if (strcmp(name, "as-of") == 0)
        return &command->as_of;
    return strcmp(name, "output") == 0 ? &command->output : NULL;
}

static int32_t set_csv(struct rh_command *command, const char *form, struct rh_err *err)
{
    if (!form || strcmp(form, "rfc4180") == 0)
        command->form = RH_FORM_CSV;
    else if (strcmp(form, "excel") == 0)
        command->form = RH_FORM_EXCEL;
    else
        return rh_err_set(err, RH_EUSAGE,
                          "--csv=%s gibt es nicht; möglich sind --csv und --csv=excel",
                          "there is no --csv=%s; possible are --csv and --csv=excel", form);
    return 0;
}

/* 1: a common option, taken; 0: not one of them; < 0: wrong. `next` is the following word, used
 * when 2 is returned. */
static int32_t take_common(struct rh_command *command, const char *name, const char *value,
                           const char *next, struct rh_err *err)
{
    const struct rh_param *option = common_option(name);
    const char **place;

    if (!option)
        return 0;
    if (option->type == RH_TYPE_FLAG && value)
        return rh_err_set(err, RH_EUSAGE, "--%s steht ohne Wert", "--%s takes no value", name);
    if (strcmp(name, "json") == 0)
        command->form = RH_FORM_JSON;
    else if (strcmp(name, "quiet") == 0)
        command->quiet = true;
    else if (strcmp(name, "help") == 0)
        command->help = RH_HELP_OPERATION;
    else if (strcmp(name, "csv") == 0)
        return set_csv(command, value, err) < 0 ? err->code : 1;
    place = place_of(command, name);
    if (!place)
        return 1;
    if (!value && !is_value(next))
        return rh_err_set(err, RH_EUSAGE, "nach --%s fehlt der Wert",
                          "the value after --%s is missing", name);
    *place = value ? value : next;
    if (place == &command->lang && strcmp(*place, "de") != 0 && strcmp(*place, "en") != 0)
        return rh_err_set(err, RH_EUSAGE, "--lang %s gibt es nicht; möglich sind de und en",
                          "there is no --lang %s; possible are de and en", *place);
    return value ? 1 : 2;
}

void rh_command_peek(int argc, char **argv, struct rh_command *ret_command)
{
    *ret_command = (struct rh_command){.form = RH_FORM_TEXT};
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *value;
        char name[64];
        const char **place = is_option(argv[i], name, &value) ? place_of(ret_command, name) : NULL;

        if (place)
            *place = value ? value : i + 1 < argc ? argv[i + 1] : NULL;
    }
}

static int32_t unknown_option(const struct rh_operation_entry *op, const char *name,
                              struct rh_err *err)
{
    const char *candidates[RH_COMMAND_ARGUMENTS_MAX + 16];
    size_t count = 0;
    int nearest;

    for (int32_t i = 0; i < op->param_count && count < RH_COMMAND_ARGUMENTS_MAX; i++)
        candidates[count++] = op->params[i].name;
    for (int32_t i = 0; i < rh_common_option_count; i++)
        candidates[count++] = rh_common_options[i].name;
    nearest = rh_text_nearest(name, candidates, count);
    if (nearest >= 0)
        return rh_err_set(err, RH_EUSAGE, "'%s' kennt --%s nicht; meinten Sie --%s?",
                          "'%s' does not know --%s; did you mean --%s?", op->op.name, name,
                          candidates[nearest]);
    return rh_err_set(
        err, RH_EUSAGE, "'%1$s' kennt --%2$s nicht; 'reihum %1$s --help' zeigt alle Optionen",
        "'%1$s' does not know --%2$s; 'reihum %1$s --help' shows all options", op->op.name, name);
}

static int32_t add_argument(struct rh_command *command, const char *name, const char *value,
                            struct rh_err *err)
{
    for (size_t i = 0; i < command->count; i++)
        if (strcmp(command->arguments[i].name, name) == 0)
            return rh_err_set(err, RH_EUSAGE, "--%s steht zweimal", "--%s is given twice", name);
    if (command->count == RH_COMMAND_ARGUMENTS_MAX)
        return rh_err_set(err, RH_EUSAGE, "zu viele Angaben", "too many arguments");
    command->arguments[command->count++] = (struct rh_argument){.name = name, .value = value};
    return 0;
}

/* An option of the operation: 1 taken, 2 with the next word, < 0 wrong. */
static int32_t take_own(struct rh_command *command, const char *name, const char *value,
                        const char *next, struct rh_err *err)
{
    for (int32_t i = 0; i < command->op->param_count; i++) {
        const struct rh_param *param = &command->op->params[i];

        if (strcmp(param->name, name) != 0)
            continue;
        if (param->type == RH_TYPE_FLAG)
            return add_argument(command, param->name, value ? value : "1", err) < 0 ? err->code : 1;
        if (!value && !is_value(next))
            return rh_err_set(err, RH_EUSAGE, "nach --%s fehlt der Wert",
                              "the value after --%s is missing", name);
        return add_argument(command, param->name, value ? value : next, err) < 0 ? err->code
               : value                                                           ? 1
                                                                                 : 2;
    }
    return unknown_option(command->op, name, err);
}

/* The next positional parameter that has no value yet. */
static int32_t take_word(struct rh_command *command, const char *word, struct rh_err *err)
{
    for (int32_t i = 0; i < command->op->param_count; i++) {
        const struct rh_param *param = &command->op->params[i];
        bool given = false;

        if (!(param->flags & RH_PARAM_POSITIONAL))
            continue;
        for (size_t a = 0; a < command->count; a++)
            given |= strcmp(command->arguments[a].name, param->name) == 0;
        if (!given)
            return add_argument(command, param->name, word, err);
    }
    return rh_err_set(
        err, RH_EUSAGE,
        "'%1$s' kann mit '%2$s' nichts anfangen; 'reihum %1$s --help' erklärt den Befehl",
        "'%1$s' has no use for '%2$s'; 'reihum %1$s --help' explains the command",
        command->op->op.name, word);
}

/* ---- the name of the operation ---- */

/* Joins the first words that are not options; returns how many. */
static int leading_words(int argc, char **argv, int most, char joined[128])
{
    size_t length = 0;
    int words = 0;

    joined[0] = '\0';
    while (words < argc && words < most && argv[words][0] != '-' &&
           length + strlen(argv[words]) + 2 < 128) {
        if (words > 0)
            joined[length++] = ' ';
        memcpy(joined + length, argv[words], strlen(argv[words]) + 1);
        length += strlen(argv[words++]);
    }
    return words;
}

static bool is_noun(const struct rh_registry *registry, const char *noun)
{
    size_t length = strlen(noun);

    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const char *name = rh_registry_at(registry, i)->op.name;
        if (strncmp(name, noun, length) == 0 && name[length] == ' ')
            return true;
    }
    return false;
}

/* The place of the operation whose name is nearest, or -1. */
static int nearest_command(const struct rh_registry *registry, const char *words)
{
    const char *candidates[512];
    size_t count = 0;

    for (size_t i = 0; i < rh_registry_count(registry) && count < 512; i++)
        candidates[count++] = rh_registry_at(registry, i)->op.name;
    return rh_text_nearest(words, candidates, count);
}

static int32_t unknown_command(const struct rh_registry *registry, const char *words,
                               struct rh_err *err)
{
    int nearest = nearest_command(registry, words);

    if (nearest >= 0)
        return rh_err_set(err, RH_EUSAGE, "den Befehl '%s' gibt es nicht; meinten Sie '%s'?",
                          "there is no command '%s'; did you mean '%s'?", words,
                          rh_registry_at(registry, (size_t)nearest)->op.name);
    return rh_err_set(err, RH_EUSAGE, "den Befehl '%s' gibt es nicht; 'reihum --help' zeigt alle",
                      "there is no command '%s'; 'reihum --help' shows all", words);
}

/* Returns how many words the name takes, 0 when help was asked for instead, < 0 when there is no
 * such command. */
static int32_t find_operation(const struct rh_registry *registry, int argc, char **argv,
                              struct rh_command *command, struct rh_err *err)
{
    char words[128];

    for (int most = 3; most >= 1; most--) {
        int count = leading_words(argc, argv, most, words);

        if (count == most && (command->op = rh_registry_find(registry, words)))
            return count;
    }
    for (int most = 2; most >= 1; most--) {
        int count = leading_words(argc, argv, most, words);

        if (count == most && is_noun(registry, words) && (count == argc || argv[count][0] == '-')) {
            memcpy(command->noun, words, sizeof(words));
            command->help = RH_HELP_NOUN;
            return 0;
        }
    }
    /* What was meant as the name: a word more than what is known of it, the rest are its words. */
    for (int most = 2; most >= 1; most--)
        if (leading_words(argc, argv, most, words) == most && is_noun(registry, words)) {
            leading_words(argc, argv, most + 1, words);
            return unknown_command(registry, words, err);
        }
    leading_words(argc, argv, 3, words);
    if (nearest_command(registry, words) < 0)
        leading_words(argc, argv, 2, words);
    return unknown_command(registry, words, err);
}

static bool asks(int argc, char **argv, const char *option)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], option) == 0)
            return true;
    return false;
}

/* Options may stand before the command, too: `reihum --db x office list`. They are moved behind it.
 */
static int skip_leading_options(int argc, char **argv, struct rh_command *command,
                                struct rh_err *err)
{
    int at = 0;

    while (at < argc && argv[at][0] == '-' && argv[at][1] == '-' && argv[at][2]) {
        const char *value;
        char name[64];
        int32_t took;

        if (strcmp(argv[at], "--version") == 0) {
            command->help = RH_HELP_VERSION;
            return argc;
        }
        took = is_option(argv[at], name, &value)
                   ? take_common(command, name, value, at + 1 < argc ? argv[at + 1] : NULL, err)
                   : 0;

        if (took < 0)
            return took;
        if (took == 0)
            return rh_err_set(err, RH_EUSAGE,
                              "vor dem Befehl kann '%s' nicht stehen; 'reihum --help' zeigt alles",
                              "'%s' cannot stand before the command; 'reihum --help' shows all",
                              argv[at]);
        at += took;
    }
    return at;
}

/* Said before anything is done: a round that was created and then could not be shown as a table
 * would be there all the same. */
static int32_t check_form(const struct rh_command *command, struct rh_err *err)
{
    bool table = command->form == RH_FORM_CSV || command->form == RH_FORM_EXCEL;

    if (!table || command->help || command->op->column_count > 0 ||
        (command->op->op.flags & RH_OP_LOCAL))
        return 0;
    return rh_err_set(
        err, RH_EUSAGE,
        "'%s' hat keine Tabelle und kann nicht als CSV ausgegeben werden; --json gibt "
        "alles aus",
        "'%s' has no table and cannot be written as CSV; --json writes everything",
        command->op->op.name);
}

int32_t rh_command_parse(const struct rh_registry *registry, int argc, char **argv,
                         struct rh_command *ret_command, struct rh_err *err)
{
    struct rh_command command = {.form = RH_FORM_TEXT};
    bool words_only = false;
    int32_t at, used;

    if (argc > 0 && (strcmp(argv[0], "--version") == 0 || strcmp(argv[0], "-V") == 0)) {
        *ret_command = (struct rh_command){.help = RH_HELP_VERSION};
        return 0;
    }
    if ((at = skip_leading_options(argc, argv, &command, err)) < 0)
        return at;
    if (command.help == RH_HELP_VERSION) {
        *ret_command = command;
        return 0;
    }
    if (at == argc || strcmp(argv[at], "-h") == 0 || strcmp(argv[at], "help") == 0) {
        command.help = RH_HELP_OVERVIEW;
        *ret_command = command;
        return 0;
    }
    if (argv[at][0] == '-')
        return rh_err_set(err, RH_EUSAGE, "'%s' ist keine Option; 'reihum --help' zeigt alle",
                          "'%s' is not an option; 'reihum --help' shows all", argv[at]);
    used = find_operation(registry, argc - at, argv + at, &command, err);
    if (used < 0)
        return used;
    if (!command.op || asks(argc, argv, "-h")) {
        if (command.op)
            command.help = RH_HELP_OPERATION;
        *ret_command = command;
        return 0;
    }
    for (int i = at + used; i < argc;) {
        const char *value, *next = i + 1 < argc ? argv[i + 1] : NULL;
        char name[64];
        int32_t took = 1;

        if (!words_only && strcmp(argv[i], "--") == 0)
            words_only = true;
        else if (words_only || argv[i][0] != '-' || argv[i][1] != '-')
            took = take_word(&command, argv[i], err) < 0 ? err->code : 1;
        else if (!is_option(argv[i], name, &value))
            took = rh_err_set(err, RH_EUSAGE, "'%s' ist keine Option", "'%s' is not an option",
                              argv[i]);
        else if ((took = take_common(&command, name, value, next, err)) == 0)
            took = take_own(&command, name, value, next, err);
        if (took < 0) {
            ret_command->op = command.op; /* for the hint how it is used */
            return took;
        }
        i += took;
    }
    ret_command->op = command.op;
    if (check_form(&command, err) < 0)
        return err->code;
    *ret_command = command;
    return 0;
}
