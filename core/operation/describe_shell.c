/*
 * Completion for bash, zsh and fish: the words of a command, then its options, then their values.
 *
 * All three scripts work alike: they walk over the words typed so far, pass over options, and keep
 * the longest name of a command (or beginning of one) they meet. What may follow is a branch for
 * each name. Names of operations and options consist of a-z, 0-9, '-' and space (the registry
 * checks that), so they can stand in a script as they are; help texts are quoted.
 */
#include "core/operation/describe_internal.h"

#include <stdio.h>
#include <string.h>

/* ---- names ---- */

/* Is `name` cut after `length` bytes the first of its kind? (The list is sorted.) */
static bool first_with_prefix(const struct rh_registry *registry, size_t index, size_t length)
{
    const char *name = rh_registry_at(registry, index)->op.name;

    for (size_t i = 0; i < index; i++) { /* 'a-b' sorts between 'a' and 'a c' */
        const char *before = rh_registry_at(registry, i)->op.name;

        if (strncmp(before, name, length) == 0 && (before[length] == ' ' || !before[length]))
            return false;
    }
    return true;
}

/* Calls `each` once for every name and every beginning of one: "office", "office list". */
static void each_name(const struct rh_registry *registry,
                      void (*each)(void *context, const char *name,
                                   const struct rh_operation_entry *op),
                      void *context)
{
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const char *name = rh_registry_at(registry, i)->op.name;

        for (size_t length = strcspn(name, " ");; length += 1 + strcspn(name + length + 1, " ")) {
            char cut[128];

            if (length < sizeof(cut) && first_with_prefix(registry, i, length)) {
                memcpy(cut, name, length);
                cut[length] = '\0';
                each(context, cut, rh_registry_find(registry, cut));
            }
            if (!name[length])
                break;
        }
    }
}

struct script {
    const struct rh_registry *registry;
    struct rh_str *out;
    const char *parted; /* what stands between names */
    const char *after;  /* the name whose next words are looked for, "" for the first */
    size_t count;
};

static void put_name(void *context, const char *name, const struct rh_operation_entry *op)
{
    struct script *script = context;

    (void)op;
    rh_str_printf(script->out, "%s'%s'", script->count++ ? script->parted : "", name);
}

static void put_names(const struct rh_registry *registry, const char *parted, struct rh_str *out)
{
    each_name(registry, put_name,
              &(struct script){.registry = registry, .out = out, .parted = parted});
}

/* The word of `name` that follows `after`, or NULL. */
static const char *next_word(const char *name, const char *after)
{
    size_t length = strlen(after);

    if (length > 0 && (strncmp(name, after, length) != 0 || name[length] != ' '))
        return NULL;
    name += length > 0 ? length + 1 : 0;
    return strchr(name, ' ') ? NULL : name;
}

/* ---- options ---- */

static const struct rh_param *option_at(const struct rh_operation_entry *op, int32_t i)
{
    return i < op->param_count ? &op->params[i] : &rh_common_options[i - op->param_count];
}

static int32_t option_count(const struct rh_operation_entry *op)
{
    return op->param_count + rh_common_option_count;
}

static bool takes_value(const struct rh_param *param)
{
    return param->type != RH_TYPE_FLAG && !rh_option_value_is_attached(param);
}

/* The common options whose value is the next word; they may stand before the command. */
static void put_common_with_value(const char *parted, struct rh_str *out)
{
    const char *between = "";

    for (int32_t i = 0; i < rh_common_option_count; i++)
        if (takes_value(&rh_common_options[i])) {
            rh_str_printf(out, "%s--%s", between, rh_common_options[i].name);
            between = parted;
        }
}

static bool takes_file(const struct rh_operation_entry *op)
{
    for (int32_t i = 0; i < op->param_count; i++)
        if (op->params[i].type == RH_TYPE_FILE && (op->params[i].flags & RH_PARAM_POSITIONAL))
            return true;
    return false;
}

static void put_choices(struct rh_str *out, const char *choices)
{
    for (const char *c = choices; *c; c++)
        rh_str_add_char(out, *c == '|' ? ' ' : *c);
}

/* Inside '…'; `special` gets a backslash. */
static void put_quoted(struct rh_str *out, const char *text, const char *special)
{
    for (const char *c = text; *c; c++) {
        if (strchr(special, *c))
            rh_str_add_char(out, '\\');
        if (*c == '\'')
            rh_str_add(out, "'\\''");
        else
            rh_str_add_char(out, *c);
    }
}

/* ---- bash ---- */

static void put_bash_word(void *context, const char *name, const struct rh_operation_entry *op)
{
    struct script *script = context;
    const char *word = next_word(name, script->after);

    (void)op;
    if (word)
        rh_str_printf(script->out, "%s ", word);
}

static void put_bash_values(void *context, const char *name, const struct rh_operation_entry *op)
{
    struct script *script = context;

    for (int32_t i = 0; op && i < op->param_count; i++) {
        const struct rh_param *param = &op->params[i];

        if (!takes_value(param))
            continue;
        rh_str_printf(script->out, "        '%s --%s') ", name, param->name);
        if (param->type == RH_TYPE_CHOICE) {
            rh_str_add(script->out, "words='");
            put_choices(script->out, param->choices);
            rh_str_add(script->out, "' ;;\n");
        } else
            rh_str_add(script->out, "return ;;\n");
    }
}

static void put_bash_branch(void *context, const char *name, const struct rh_operation_entry *op)
{
    struct script *script = context;

    rh_str_printf(script->out, "        '%s') ", name);
    if (!op)
        rh_str_add(script->out, "[[ $rest ]] && return\n            ");
    else if (takes_file(op))
        rh_str_add(script->out, "[[ $current != -* ]] && return\n            ");
    rh_str_add(script->out, "words='");
    script->after = name;
    each_name(script->registry, put_bash_word, script);
    script->after = ""; /* the name was lent for this call */
    for (int32_t i = 0; op && i < option_count(op); i++)
        rh_str_printf(script->out, "--%s ", option_at(op, i)->name);
    rh_str_add(script->out, op ? "' ;;\n" : "--help' ;;\n");
}

void rh_describe_bash(const struct rh_registry *registry, struct rh_str *out)
{
    struct script script = {.registry = registry, .out = out, .after = ""};

    rh_str_add(
        out,
        "# bash completion for reihum; made by 'reihum completion bash'\n"
        "_reihum()\n"
        "{\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} before='' path='' words='' rest='' next i\n"
        "\n"
        "    COMPREPLY=()\n"
        "    ((COMP_CWORD > 0)) && before=${COMP_WORDS[COMP_CWORD - 1]}\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case ${COMP_WORDS[i]} in\n"
        "            ");
    put_common_with_value(" | ", out);
    rh_str_add(out, ") [[ ${COMP_WORDS[i + 1]} == = ]] || ((i++)) ;;\n"
                    "            =) ((i++)) ;;\n"
                    "            -*) ;;\n"
                    "            *)\n"
                    "                next=\"$path${path:+ }${COMP_WORDS[i]}\"\n"
                    "                case $next in\n"
                    "                    ");
    put_names(registry, " | ", out);
    rh_str_add(out, ") path=$next ;;\n"
                    "                    *) rest=1 && break ;;\n"
                    "                esac\n"
                    "                ;;\n"
                    "        esac\n"
                    "    done\n"
                    "    if [[ $current == = ]]; then\n"
                    "        current=''\n"
                    "        before+='='\n"
                    "    elif [[ $before == = ]]; then\n"
                    "        before=\"${COMP_WORDS[COMP_CWORD - 2]}=\"\n"
                    "    fi\n"
                    "    case \"$path ${before%=}\" in\n");
    each_name(registry, put_bash_values, &script);
    rh_str_add(out, "        *' --lang') words='de en' ;;\n"
                    "        *' --csv') [[ $before == *= ]] && words='excel rfc4180' ;;\n"
                    "        *' --output' | *' --db' | *' --config' | *' --as-of') return ;;\n"
                    "    esac\n"
                    "    [[ -z $words ]] && case $path in\n"
                    "        '') [[ $rest ]] && return\n"
                    "            words='");
    each_name(registry, put_bash_word, &script);
    rh_str_add(out, "--help --version' ;;\n");
    each_name(registry, put_bash_branch, &script);
    rh_str_add(out, "    esac\n"
                    "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                    "}\n"
                    "complete -o default -F _reihum reihum\n");
}

/* ---- zsh ---- */

static void put_zsh_word(void *context, const char *name, const struct rh_operation_entry *op)
{
    struct script *script = context;
    const char *word = next_word(name, script->after);

    if (!word)
        return;
    rh_str_printf(script->out, " '%s", word);
    if (op) {
        rh_str_add_char(script->out, ':');
        put_quoted(script->out, rh_in_lang(op->op.help, RH_EN), "\\:");
    }
    rh_str_add_char(script->out, '\'');
}

static void put_zsh_option(const struct rh_param *param, struct rh_str *out)
{
    rh_str_printf(out, " \\\n                '--%s", param->name);
    if (param->type != RH_TYPE_FLAG)
        rh_str_add(out, takes_value(param) ? "=" : "=-");
    rh_str_add_char(out, '[');
    put_quoted(out, rh_in_lang(param->help, RH_EN), "\\[]");
    rh_str_add_char(out, ']');
    if (param->type != RH_TYPE_FLAG)
        rh_str_printf(out, "%s%s:", takes_value(param) ? ":" : "::", param->name);
    if (param->type == RH_TYPE_CHOICE) {
        rh_str_add_char(out, '(');
        put_choices(out, param->choices);
        rh_str_add_char(out, ')');
    } else if (param->type == RH_TYPE_FILE || strcmp(param->name, "output") == 0 ||
               strcmp(param->name, "db") == 0 || strcmp(param->name, "config") == 0)
        rh_str_add(out, "_files");
    rh_str_add_char(out, '\'');
}

static void put_zsh_branch(void *context, const char *name, const struct rh_operation_entry *op)
{
    struct script *script = context;
    size_t before;

    rh_str_printf(script->out, "        '%s')\n", name);
    script->after = name;
    rh_str_add(script->out, "            commands=(");
    before = script->out->length;
    each_name(script->registry, put_zsh_word, script);
    script->after = ""; /* the name was lent for this call */
    rh_str_add(script->out, script->out->length > before ? " )\n" : ")\n");
    if (op) {
        rh_str_add(script->out, "            _arguments");
        for (int32_t i = 0; i < option_count(op); i++)
            put_zsh_option(option_at(op, i), script->out);
        rh_str_add(script->out, takes_file(op) ? " \\\n                '*:file:_files'\n"
                                               : " \\\n                '*: :'\n");
    }
    rh_str_add(script->out, "            ;;\n");
}

void rh_describe_zsh(const struct rh_registry *registry, struct rh_str *out)
{
    struct script script = {.registry = registry, .out = out, .after = ""};

    /* `path` would be the shell's own search path. */
    rh_str_add(out, "#compdef reihum\n"
                    "# zsh completion for reihum; made by 'reihum completion zsh'\n"
                    "_reihum() {\n"
                    "    local typed='' next\n"
                    "    local -i i last=1 rest=0\n"
                    "    local -a commands\n"
                    "\n"
                    "    for ((i = 2; i < CURRENT; i++)); do\n"
                    "        case ${words[i]} in\n"
                    "            (");
    put_common_with_value("|", out);
    rh_str_add(out, ") ((i++)) ;;\n"
                    "            (-*) ;;\n"
                    "            (*)\n"
                    "                next=\"$typed${typed:+ }${words[i]}\"\n"
                    "                case $next in\n"
                    "                    (");
    put_names(registry, "|", out);
    rh_str_add(out, ") typed=$next; ((last = i)) ;;\n"
                    "                    (*) rest=1 && break ;;\n"
                    "                esac\n"
                    "                ;;\n"
                    "        esac\n"
                    "    done\n"
                    "    shift $((last - 1)) words\n"
                    "    ((CURRENT -= last - 1))\n"
                    "    case $typed in\n"
                    "        '') commands=(");
    each_name(registry, put_zsh_word, &script);
    rh_str_add(out, " ) ;;\n");
    each_name(registry, put_zsh_branch, &script);
    rh_str_add(out, "    esac\n"
                    "    ((rest == 0 && $#commands)) && _describe command commands\n"
                    "}\n"
                    "_reihum \"$@\"\n");
}

/* ---- fish ---- */

static void put_fish_option(const struct rh_param *param, const char *name, struct rh_str *out)
{
    rh_str_printf(out, "complete -c reihum -n '__reihum_is %s' -l %s", name, param->name);
    if (param->type == RH_TYPE_CHOICE && takes_value(param)) {
        rh_str_add(out, " -x -a '");
        put_choices(out, param->choices);
        rh_str_add_char(out, '\'');
    } else if (param->type == RH_TYPE_FILE || param->type == RH_TYPE_TEXT)
        rh_str_add(out, " -r -F");
    else if (takes_value(param))
        rh_str_add(out, " -x");
    rh_str_add(out, " -d '");
    put_quoted(out, rh_in_lang(param->help, RH_EN), "\\");
    rh_str_add(out, "'\n");
}

static void put_fish_branch(void *context, const char *name, const struct rh_operation_entry *op)
{
    struct script *script = context;
    const char *space = strrchr(name, ' ');

    rh_str_printf(script->out, "complete -c reihum -n '__reihum_next %.*s' -a '%s'",
                  space ? (int)(space - name) : 0, name, space ? space + 1 : name);
    if (op) {
        rh_str_add(script->out, " -d '");
        put_quoted(script->out, rh_in_lang(op->op.help, RH_EN), "\\");
        rh_str_add_char(script->out, '\'');
    }
    rh_str_add_char(script->out, '\n');
    for (int32_t i = 0; op && i < option_count(op); i++)
        put_fish_option(option_at(op, i), name, script->out);
    if (op && takes_file(op))
        rh_str_printf(script->out, "complete -c reihum -n '__reihum_is %s' -F\n", name);
}

void rh_describe_fish(const struct rh_registry *registry, struct rh_str *out)
{
    rh_str_add(out, "# fish completion for reihum; made by 'reihum completion fish'\n"
                    "function __reihum_typed\n"
                    "    set -l typed ''\n"
                    "    set -l rest ''\n"
                    "    set -l skip 0\n"
                    "    for word in (commandline -opc)[2..-1]\n"
                    "        if test $skip = 1\n"
                    "            set skip 0\n"
                    "            continue\n"
                    "        end\n"
                    "        switch $word\n"
                    "            case ");
    put_common_with_value(" ", out);
    rh_str_add(out, "\n"
                    "                set skip 1\n"
                    "            case '-*'\n"
                    "            case '*'\n"
                    "                set -l next (string trim -- \"$typed $word\")\n"
                    "                contains -- $next ");
    put_names(registry, " ", out);
    rh_str_add(out, "\n"
                    "                or set rest ' ?'\n"
                    "                test -n \"$rest\"\n"
                    "                and break\n"
                    "                set typed $next\n"
                    "        end\n"
                    "    end\n"
                    "    echo -- $typed\n"
                    "    echo -- \"$typed$rest\"\n"
                    "end\n"
                    "function __reihum_is\n"
                    "    test (__reihum_typed)[1] = \"$argv\"\n"
                    "end\n"
                    "function __reihum_next\n"
                    "    test (__reihum_typed)[2] = \"$argv\"\n"
                    "end\n"
                    "complete -c reihum -f\n"
                    "complete -c reihum -n '__reihum_next' -l version -d 'print the version'\n"
                    "complete -c reihum -n '__reihum_next' -l help -d 'this help'\n");
    each_name(registry, put_fish_branch, &(struct script){.registry = registry, .out = out});
}
