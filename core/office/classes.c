/* Size classes: configuration in, rows out. An element reads 'key|kind|from|German label|English
 * label'. */
#include "core/office/internal.h"

#include <stdlib.h>
#include <string.h>

enum { KEY, KIND, FROM, LABEL_DE, LABEL_EN, PARTS };

/* Cuts `element` at '|' into exactly PARTS parts, in place. */
static int split(char *element, char *parts[PARTS])
{
    int count = 0;

    for (char *rest = element; rest; count++) {
        char *bar = strchr(rest, '|');
        if (count == PARTS)
            return 0;
        if (bar)
            *bar = '\0';
        parts[count] = rest;
        rest = bar ? bar + 1 : NULL;
    }
    return count == PARTS;
}

static int32_t bad_element(struct rh_call *call, const char *element)
{
    return rh_fail(call, RH_EINVALID,
                   "Konfiguration, office.size_classes: '%s' ist keine Größenklasse; erwartet wird "
                   "'schlüssel|city oder district|Einwohner ab|deutscher Name|englischer Name'",
                   "configuration, office.size_classes: '%s' is not a size class; expected is "
                   "'key|city or district|inhabitants from|German label|English label'",
                   element);
}

static int32_t store_one(struct rh_call *call, const char *element, int64_t position)
{
    char *parts[PARTS], *end, *copy = rh_format(call, "%s", "%s", element);
    long long from;

    if (!split(copy, parts) || !*parts[KEY] || !*parts[LABEL_DE] || !*parts[LABEL_EN])
        return bad_element(call, element);
    from = strtoll(parts[FROM], &end, 10);
    if (end == parts[FROM] || *end || from < 0 || from > 100000000)
        return bad_element(call, element);
    if (strcmp(parts[KIND], "city") != 0 && strcmp(parts[KIND], "district") != 0)
        return bad_element(call, element);
    if (rh_exec(call,
                "INSERT INTO size_class(key, position, kind, min_population, label_de, label_en) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                "sisiss", parts[KEY], position, parts[KIND], (int64_t)from, parts[LABEL_DE],
                parts[LABEL_EN]) < 0)
        return rh_wrap(call, "Größenklasse '%s'", "size class '%s'", element);
    return 0;
}

int32_t size_classes_store(struct rh_call *call)
{
    const char *element;
    int64_t rc = rh_exec(call, "DELETE FROM size_class", "");

    for (int32_t i = 0; rc >= 0 && (element = rh_config_item(call, "size_classes", i)); i++)
        rc = store_one(call, element, i);
    return rc < 0 ? (int32_t)rc : 0;
}
