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

struct size_class {
    const char *key, *kind, *label_de, *label_en;
    int64_t from;
};

static int32_t read_element(struct rh_call *call, const char *element, struct size_class *ret)
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
    *ret = (struct size_class){parts[KEY], parts[KIND], parts[LABEL_DE], parts[LABEL_EN], from};
    return 0;
}

#define BOUND(class, position)                                                                     \
    "sisiss", (class).key, (position), (class).kind, (class).from, (class).label_de,               \
        (class).label_en

/* Is the table as the configuration says? 1 or 0, or < 0. */
static int32_t is_stored(struct rh_call *call)
{
    struct rh_rows *rows;
    const char *element;
    int64_t count = 0;
    int32_t rc;

    for (; (element = rh_config_item(call, "size_classes", (int32_t)count)); count++) {
        struct size_class class;

        if ((rc = read_element(call, element, &class)) < 0 ||
            (rc = rh_query(call, &rows,
                           "SELECT 1 FROM size_class WHERE key = ?1 AND position = ?2 AND kind = "
                           "?3 AND min_population = ?4 AND label_de = ?5 AND label_en = ?6",
                           BOUND(class, count))) < 0 ||
            (rc = rh_next(call, rows)) <= 0)
            return rc;
        rh_close(call, rows);
    }
    if ((rc = rh_query(call, &rows, "SELECT count(*) FROM size_class", "")) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    rc = rh_get_int(call, rows, 0) == count;
    rh_close(call, rows);
    return rc;
}

/* At every start; writes only what differs, so that looking at an office costs no fsync. */
int32_t size_classes_store(struct rh_call *call)
{
    const char *element;
    int32_t stored = is_stored(call), rc = 0;

    if (stored != 0)
        return stored < 0 ? stored : 0;
    if (rh_exec(call, "DELETE FROM size_class", "") < 0)
        return RH_EFAILED;
    for (int32_t i = 0; rc == 0 && (element = rh_config_item(call, "size_classes", i)); i++) {
        struct size_class class;

        if ((rc = read_element(call, element, &class)) == 0 &&
            rh_exec(call,
                    "INSERT INTO size_class(key, position, kind, min_population, label_de, "
                    "label_en) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    BOUND(class, (int64_t)i)) < 0)
            return rh_wrap(call, "Größenklasse '%s'", "size class '%s'", element);
    }
    return rc;
}
