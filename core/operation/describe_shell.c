/*
 * Completion for bash, zsh and fish: words of the command, then its options, then choices.
 *
 * Names of operations and options consist of a-z, 0-9, '-' and space (the registry checks that), so
 * they can stand in a script as they are; help texts are quoted.
 */
#include "core/operation/describe_internal.h"

#include <stdio.h>
#include <string.h>

static void put_quoted(struct rh_str *out, const char *text)
{
    rh_str_add_char(out, '\'');
    for (const char *c = text; *c; c++)
        if (*c == '\'')
            rh_str_add(out, "'\\''");
        else
            rh_str_add_char(out, *c);
    rh_str_add_char(out, '\'');
}

/* The words that may follow `prefix` ("" or "turnus"), each once; the registry is sorted by name.
 */
static void put_next_words(const struct rh_registry *registry, const char *prefix,
                           struct rh_str *out)
{
    size_t skip = *prefix ? strlen(prefix) + 1 : 0;
    const char *last = "";
    size_t last_length = 0;

    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const char *name = rh_registry_at(registry, i)->op.name, *word;
        size_t length;

        if (skip && (strncmp(name, prefix, skip - 1) != 0 || name[skip - 1] != ' '))
            continue;
        word = name + skip;
        length = strcspn(word, " ");
        if (length != last_length || strncmp(word, last, length) != 0)
            rh_str_printf(out, "%s%.*s", last_length ? " " : "", (int)length, word);
        last = word;
        last_length = length;
    }
}

/* Is `name` cut after `length` bytes the first of its kind? (The list is sorted.) */
static bool first_with_prefix(const struct rh_registry *registry, size_t index, size_t length)
{
    const char *name = rh_registry_at(registry, index)->op.name;
    const char *before = index > 0 ? rh_registry_at(registry, index - 1)->op.name : "";

    return strncmp(before, name, length) != 0 || (before[length] != ' ' && before[length] != '\0');
}

/* A branch of a case for each noun that operation `index` is the first of: the words that may
 * follow it. */
static void put_noun_branches(const struct rh_registry *registry, size_t index, const char *before,
                              const char *after, struct rh_str *out)
{
    const char *name = rh_registry_at(registry, index)->op.name;

    for (size_t length = strcspn(name, " "); name[length];
         length += 1 + strcspn(name + length + 1, " ")) {
        char prefix[128];

        if (!first_with_prefix(registry, index, length))
            continue;
        memcpy(prefix, name, length);
        prefix[length] = '\0';
        rh_str_printf(out, "        '%s') %s", prefix, before);
        put_next_words(registry, prefix, out);
        rh_str_add(out, after);
    }
}

static void put_options(const struct rh_operation_entry *op, struct rh_str *out)
{
    for (int32_t i = 0; i < op->param_count; i++)
        rh_str_printf(out, "%s--%s", i ? " " : "", op->params[i].name);
    for (int32_t i = 0; i < rh_common_option_count; i++)
        rh_str_printf(out, " --%s", rh_common_options[i].name);
}

static bool takes_file(const struct rh_operation_entry *op)
{
    for (int32_t i = 0; i < op->param_count; i++)
        if (op->params[i].type == RH_TYPE_FILE)
            return true;
    return false;
}

static void put_bash_choices(const struct rh_operation_entry *op, struct rh_str *out)
{
    for (int32_t i = 0; i < op->param_count; i++) {
        const struct rh_param *param = &op->params[i];

        if (param->type != RH_TYPE_CHOICE)
            continue;
        rh_str_printf(out, "        '%s --%s') words='", op->op.name, param->name);
        for (const char *c = param->choices; *c; c++)
            rh_str_add_char(out, *c == '|' ? ' ' : *c);
        rh_str_add(out, "' ;;\n");
    }
}

void rh_describe_bash(const struct rh_registry *registry, struct rh_str *out)
{
    rh_str_add(out, "# bash completion for reihum; made by 'reihum completion bash'\n"
                    "_reihum()\n{\n    local current=${COMP_WORDS[COMP_CWORD]} "
                    "before=${COMP_WORDS[COMP_CWORD-1]} path='' words='' i\n"
                    "    for ((i = 1; i < COMP_CWORD; i++)); do\n        [[ ${COMP_WORDS[i]} == -* "
                    "]] && break\n"
                    "        path=\"$path${path:+ }${COMP_WORDS[i]}\"\n    done\n"
                    "    case \"$path $before\" in\n");
    for (size_t i = 0; i < rh_registry_count(registry); i++)
        put_bash_choices(rh_registry_at(registry, i), out);
    rh_str_add(out, "        *' --lang') words='de en' ;;\n        *' --csv') words='excel "
                    "rfc4180' ;;\n    esac\n"
                    "    [[ -z $words ]] && case \"$path\" in\n        '') words='");
    put_next_words(registry, "", out);
    rh_str_add(out, " --help' ;;\n");
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *op = rh_registry_at(registry, i);

        put_noun_branches(registry, i, "words='", " --help' ;;\n", out);
        rh_str_printf(out, "        '%s'%s) words='", op->op.name, takes_file(op) ? "" : "*");
        put_options(op, out);
        rh_str_add(out, "' ;;\n");
    }
    rh_str_add(out, "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- "
                    "\"$current\"))\n}\ncomplete -o default -F _reihum reihum\n");
}

static void put_zsh_operation(const struct rh_operation_entry *op, struct rh_str *out)
{
    rh_str_printf(out, "        '%s')\n            _arguments", op->op.name);
    for (int32_t i = 0; i < op->param_count + rh_common_option_count; i++) {
        const struct rh_param *param =
            i < op->param_count ? &op->params[i] : &rh_common_options[i - op->param_count];

        rh_str_printf(out, " \\\n                '--%s", param->name);
        if (param->type == RH_TYPE_CHOICE) {
            rh_str_printf(out, "=:%s:(", param->name);
            for (const char *c = param->choices; *c; c++)
                rh_str_add_char(out, *c == '|' ? ' ' : *c);
            rh_str_add_char(out, ')');
        } else if (param->type == RH_TYPE_FILE)
            rh_str_printf(out, "=:%s:_files", param->name);
        else if (param->type != RH_TYPE_FLAG)
            rh_str_printf(out, "=:%s:", param->name);
        rh_str_add_char(out, '\'');
    }
    rh_str_printf(out, "%s ;;\n", takes_file(op) ? " '*:file:_files'" : "");
}

void rh_describe_zsh(const struct rh_registry *registry, struct rh_str *out)
{
    rh_str_add(out,
               "#compdef reihum\n# zsh completion for reihum; made by 'reihum completion zsh'\n"
               "_reihum() {\n    local path='' word\n    local -i i\n"
               "    for ((i = 2; i < CURRENT; i++)); do\n        [[ ${words[i]} == -* ]] && break\n"
               "        path=\"$path${path:+ }${words[i]}\"\n    done\n    case \"$path\" in\n     "
               "   '') compadd -- ");
    put_next_words(registry, "", out);
    rh_str_add(out, " ;;\n");
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *op = rh_registry_at(registry, i);

        put_noun_branches(registry, i, "compadd -- ", " ;;\n", out);
        put_zsh_operation(op, out);
    }
    rh_str_add(out, "        *) _files ;;\n    esac\n}\n_reihum \"$@\"\n");
}

static void put_fish_option(const struct rh_param *param, const char *condition, struct rh_str *out)
{
    rh_str_printf(out, "complete -c reihum %s -l %s", condition, param->name);
    if (param->type == RH_TYPE_CHOICE) {
        rh_str_add(out, " -x -a '");
        for (const char *c = param->choices; *c; c++)
            rh_str_add_char(out, *c == '|' ? ' ' : *c);
        rh_str_add_char(out, '\'');
    } else if (param->type == RH_TYPE_FILE)
        rh_str_add(out, " -r");
    else if (param->type != RH_TYPE_FLAG)
        rh_str_add(out, " -x");
    rh_str_add(out, " -d ");
    put_quoted(out, param->help.en ? param->help.en : "");
    rh_str_add_char(out, '\n');
}

void rh_describe_fish(const struct rh_registry *registry, struct rh_str *out)
{
    rh_str_add(
        out, "# fish completion for reihum; made by 'reihum completion fish'\n"
             "function __reihum_path\n    set -l words\n    for word in (commandline -opc)[2..-1]\n"
             "        string match -q -- '-*' $word; and break\n        set -a words $word\n    "
             "end\n    string join ' ' -- $words\nend\n"
             "complete -c reihum -f\n");
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *op = rh_registry_at(registry, i);
        size_t from = 0;
        char condition[256];

        for (;;) { /* each word of the name, offered after the words before it */
            size_t to = from + strcspn(op->op.name + from, " ");

            if (first_with_prefix(registry, i, to)) {
                rh_str_printf(
                    out, "complete -c reihum -n 'test \"$(__reihum_path)\" = \"%.*s\"' -a %.*s",
                    (int)(from ? from - 1 : 0), op->op.name, (int)(to - from), op->op.name + from);
                if (!op->op.name[to]) {
                    rh_str_add(out, " -d ");
                    put_quoted(out, rh_in_lang(op->op.help, RH_EN));
                }
                rh_str_add_char(out, '\n');
            }
            if (!op->op.name[to])
                break;
            from = to + 1;
        }
        snprintf(condition, sizeof(condition), "-n 'string match -q -- \"%s*\" (__reihum_path)'",
                 op->op.name);
        for (int32_t p = 0; p < op->param_count; p++)
            put_fish_option(&op->params[p], condition, out);
        if (takes_file(op))
            rh_str_printf(out, "complete -c reihum %s -F\n", condition);
    }
    for (int32_t i = 0; i < rh_common_option_count; i++)
        put_fish_option(&rh_common_options[i], "", out);
}
