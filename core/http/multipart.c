#include "core/http/field.h"

#include "core/base/text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define BOUNDARY_MAX     70 /* RFC 2046 5.1.1 */
#define PART_HEADERS_MAX 4096
#define FILE_NAME_MAX    255

/* A view of bytes that is eaten from the front. */
struct view {
    const char *at;
    size_t left;
};

static int32_t refuse(struct rh_err *err)
{
    return rh_err_set(err, RH_EUSAGE, "das Formular ist nicht richtig kodiert",
                      "the form is not well encoded");
}

static bool eat(struct view *view, const char *text)
{
    size_t length = strlen(text);

    if (view->left < length || memcmp(view->at, text, length) != 0)
        return false;
    view->at += length;
    view->left -= length;
    return true;
}

/* A quoted string. A backslash escapes only a quote or itself: old browsers send whole Windows
 * paths here. */
static int32_t read_quoted(struct rh_arena *arena, struct view *view, const char **ret,
                           struct rh_err *err)
{
    char *copy = rh_arena_alloc(arena, view->left + 1);
    size_t length = 0;

    if (!copy)
        return rh_err_nomem(err);
    if (!eat(view, "\""))
        return refuse(err);
    while (view->left && view->at[0] != '"') {
        if (view->left > 1 && view->at[0] == '\\' && (view->at[1] == '"' || view->at[1] == '\\')) {
            view->at++;
            view->left--;
        }
        copy[length++] = view->at[0];
        view->at++;
        view->left--;
    }
    if (!eat(view, "\""))
        return refuse(err);
    *ret = copy;
    return rh_text_valid(copy, length) && strlen(copy) == length ? 0 : refuse(err);
}

/* What stands after the last slash of either kind. */
static const char *base_name(const char *path)
{
    for (const char *p = path; *p; p++)
        if ((*p == '/' || *p == '\\') && p[1])
            path = p + 1;
    return path;
}

/* `form-data; name="file"; filename="rules.csv"` */
static int32_t read_disposition(struct rh_arena *arena, struct view line, struct rh_field *field,
                                const char **ret_file, struct rh_err *err)
{
    if (!eat(&line, "form-data"))
        return refuse(err);
    while (line.left) {
        const char *text;
        struct view name;
        int32_t rc;

        if (!eat(&line, ";"))
            return refuse(err);
        while (eat(&line, " "))
            ;
        name.at = line.at;
        while (line.left && line.at[0] != '=') {
            line.at++;
            line.left--;
        }
        name.left = (size_t)(line.at - name.at);
        if (!eat(&line, "="))
            return refuse(err);
        rc = read_quoted(arena, &line, &text, err);
        if (rc < 0)
            return rc;
        if (name.left == 4 && memcmp(name.at, "name", 4) == 0)
            field->name = text;
        else if (name.left == 8 && memcmp(name.at, "filename", 8) == 0)
            *ret_file = base_name(text);
    }
    return field->name ? 0 : refuse(err);
}

/* The lines before a part's bytes; only Content-Disposition matters. */
static int32_t read_headers(struct rh_arena *arena, struct view *view, struct rh_field *field,
                            const char **ret_file, struct rh_err *err)
{
    static const char wanted[] = "content-disposition:";
    size_t total = 0;

    for (;;) {
        const char *end = memmem(view->at, view->left, "\r\n", 2);
        struct view line = {.at = view->at};
        int32_t rc = 0;

        if (!end)
            return refuse(err);
        line.left = (size_t)(end - view->at);
        view->at = end + 2;
        view->left -= line.left + 2;
        total += line.left;
        if (line.left == 0)
            break;
        if (total > PART_HEADERS_MAX)
            return refuse(err);
        if (line.left >= sizeof(wanted) - 1 &&
            strncasecmp(line.at, wanted, sizeof(wanted) - 1) == 0) {
            line.at += sizeof(wanted) - 1;
            line.left -= sizeof(wanted) - 1;
            while (eat(&line, " "))
                ;
            rc = read_disposition(arena, line, field, ret_file, err);
        }
        if (rc < 0)
            return rc;
    }
    return field->name ? 0 : refuse(err);
}

static int32_t add_part(struct rh_arena *arena, struct rh_fields *fields, struct rh_field field,
                        const char *file, struct view bytes, struct rh_err *err)
{
    if (file) {
        if (strlen(file) > FILE_NAME_MAX)
            return refuse(err);
        field.value = file;
        field.bytes = bytes.at;
        field.size = bytes.left;
        return rh_fields_add(arena, fields, field, err);
    }
    if (!rh_text_valid(bytes.at, bytes.left) || memchr(bytes.at, '\0', bytes.left))
        return rh_err_set(err, RH_EUSAGE, "das Feld '%.64s' ist kein UTF-8",
                          "the field '%.64s' is not UTF-8", field.name);
    field.value = rh_arena_strndup(arena, bytes.at, bytes.left);
    return field.value ? rh_fields_add(arena, fields, field, err) : rh_err_nomem(err);
}

int32_t rh_fields_multipart(struct rh_arena *arena, const char *boundary, const char *bytes,
                            size_t size, struct rh_fields *fields, struct rh_err *err)
{
    char delimiter[BOUNDARY_MAX + 8] = "\r\n--";
    struct view view = {bytes, size};
    size_t length = strlen(boundary);

    if (length == 0 || length > BOUNDARY_MAX)
        return refuse(err);
    memcpy(delimiter + 4, boundary, length + 1);
    length += 4;
    if (!eat(&view, delimiter + 2)) /* the first one has no line before it */
        return refuse(err);
    while (!eat(&view, "--")) {
        struct rh_field field = {0};
        const char *file = NULL, *end;
        struct view part;
        int32_t rc = 0;

        if (!eat(&view, "\r\n"))
            return refuse(err);
        rc = read_headers(arena, &view, &field, &file, err);
        if (rc < 0)
            return rc;
        end = memmem(view.at, view.left, delimiter, length);
        if (!end)
            return refuse(err);
        part = (struct view){view.at, (size_t)(end - view.at)};
        view.left -= part.left + length;
        view.at = end + length;
        rc = add_part(arena, fields, field, file, part, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}
