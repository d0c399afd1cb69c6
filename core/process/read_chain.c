/* read_chain.c - the rules of a chain of reminders: "5 workdays before: contact, reminder". */
#include "core/process/read.h"

#include <stdio.h>
#include <string.h>

/* Cuts "WHEN: ROLE, TEMPLATE, …" at its marks; false when there is no ':'. */
static bool cut_rule(char *text, char **when, char **parts, size_t *count)
{
    char *colon = strchr(text, ':');

    *when = text;
    *count = 0;
    if (!colon)
        return false;
    *colon = '\0';
    for (char *part = colon + 1; part && *count < WORDS_MAX; (*count)++) {
        char *comma = strchr(part, ',');

        if (comma)
            *comma = '\0';
        while (*part == ' ')
            part++;
        for (size_t end = strlen(part); end > 0 && part[end - 1] == ' '; end--)
            part[end - 1] = '\0';
        parts[*count] = part;
        part = comma ? comma + 1 : NULL;
    }
    return true;
}

/* "5 workdays before", "on the day", "3 workdays after", "at opening", "2 days after opening" */
static bool read_rule_when(const char *text, struct rh_process_rule *rule)
{
    struct words w = {.count = 0};

    read_words(text, &w);
    if (w.count == 3 && strcmp(w.word[0], "on") == 0 && strcmp(w.word[2], "day") == 0)
        return true;
    if (w.count == 2 && strcmp(w.word[0], "at") == 0 && strcmp(w.word[1], "opening") == 0) {
        rule->anchor = RH_PROCESS_AT_OPENING;
        return true;
    }
    if ((w.count != 3 && w.count != 4) ||
        !read_count(w.word[0], RH_PROCESS_OFFSET_MAX, &rule->count) || rule->count == 0 ||
        !read_unit(w.word[1], &rule->unit))
        return false;
    if (w.count == 4) {
        rule->anchor = RH_PROCESS_AT_OPENING;
        return strcmp(w.word[2], "after") == 0 && strcmp(w.word[3], "opening") == 0;
    }
    if (strcmp(w.word[2], "before") == 0)
        rule->count = -rule->count;
    return strcmp(w.word[2], "before") == 0 || strcmp(w.word[2], "after") == 0;
}

static enum rh_process_role rule_role(struct process_reading *r, int32_t line, const char *word)
{
    return strcmp(word, "actor") == 0 ? RH_PROCESS_ACTOR : read_role(r, line, "rules", word);
}

static const char *rule_key(struct process_reading *r, const struct rh_process_rule *rule)
{
    char count[32] = "";
    char *key;

    if (rule->count != 0)
        snprintf(count, sizeof(count), "%+d%c", rule->count,
                 rh_process_unit_word(rule->unit)[rule->unit == RH_PROCESS_MONTHS ? 1 : 0]);
    key = rh_arena_printf(r->arena, "%s%s:%s", rule->anchor == RH_PROCESS_AT_DUE ? "due" : "open",
                          count, rh_process_role_word(rule->role));
    if (!key)
        reading_keep(r, rh_err_nomem(r->err));
    return key ? key : "";
}

static void read_rule(struct process_reading *r, struct rh_process_chain *chain, char *text,
                      int32_t line)
{
    struct rh_process_rule rule = {0};
    char *parts[WORDS_MAX], *when;
    size_t count;

    if (!cut_rule(text, &when, parts, &count) || count < 2 || !read_rule_when(when, &rule)) {
        process_fault(
            r, line,
            "Schlüssel 'rules': '%s' heißt nichts (etwa \"5 workdays before: contact, reminder\")",
            "key 'rules': '%s' means nothing (like \"5 workdays before: contact, reminder\")",
            when);
        return;
    }
    rule.role = rule_role(r, line, parts[0]);
    if (!read_name_ok(parts[1]))
        process_fault(r, line, "Schlüssel 'rules': '%s' ist kein Name einer Vorlage",
                      "key 'rules': '%s' is not the name of a template", parts[1]);
    rule.template = reading_copy(r, parts[1]);
    for (size_t i = 2; i < count; i++) {
        if (strcmp(parts[i], "urgent") == 0)
            rule.urgent = true;
        else if (strncmp(parts[i], "copy ", 5) == 0 && rule.copy == RH_PROCESS_NOBODY)
            rule.copy = rule_role(r, line, parts[i] + 5);
        else
            process_fault(
                r, line,
                "Schlüssel 'rules': nach der Vorlage steht nur 'urgent' oder 'copy ROLLE'; hier "
                "steht '%s'",
                "key 'rules': only 'urgent' or 'copy ROLE' follow the template, but here is '%s'",
                parts[i]);
    }
    rule.key = rule_key(r, &rule);
    for (size_t i = 0; i < chain->count; i++)
        if (strcmp(chain->rules[i].key, rule.key) == 0)
            process_fault(r, line,
                          "Kette '%s': '%s' schreibt derselben Rolle zweimal zur selben Zeit",
                          "chain '%s': '%s' writes to the same role twice at the same time",
                          chain->name, when);
    if (chain->count == RH_PROCESS_RULES_MAX)
        process_fault(r, line, "Kette '%s': mehr als %d Regeln", "chain '%s': more than %d rules",
                      chain->name, RH_PROCESS_RULES_MAX);
    else
        chain->rules[chain->count++] = rule;
}

void read_chain(struct process_reading *r, size_t index, int32_t line, char *rules,
                int32_t rules_line)
{
    struct rh_process_chain *chain = &r->definition->chains[index];
    char *at = rules, *element;

    chain->rules = reading_array(r, RH_PROCESS_RULES_MAX, sizeof(*chain->rules));
    if (!at || !*at)
        process_fault(r, line, "die Kette '%s' ist leer; sie braucht mindestens eine Regel",
                      "chain '%s' is empty; it needs at least one rule", chain->name);
    while (chain->rules && (element = read_element(&at)))
        read_rule(r, chain, element, rules_line);
}
