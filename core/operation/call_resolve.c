/* "Landkreis Steinfurth" in a list: what did they mean? The thinking is in name_match.h. */
#include "core/operation/name_match.h"
#include "core/operation/run.h"

#include "core/base/str.h"
#include "core/base/text.h"

#include <string.h>

#define ROWS_AT_ONCE 64

struct candidates {
    struct rh_name_row *rows; /* in the run's arena */
    size_t count, room;
};

static int32_t add_row(struct rh_run *run, struct rh_stmt *stmt, struct candidates *all)
{
    size_t columns = (size_t)rh_stmt_columns(stmt);
    const char **spellings = rh_arena_array(run->arena, columns, sizeof(*spellings));

    if (all->count == all->room) {
        size_t room = all->room ? all->room * 2 : ROWS_AT_ONCE;
        struct rh_name_row *rows = rh_arena_array(run->arena, room, sizeof(*rows));

        if (!rows)
            return rh_err_nomem(run->err);
        if (all->count)
            memcpy(rows, all->rows, all->count * sizeof(*rows));
        all->rows = rows;
        all->room = room;
    }
    if (!spellings)
        return rh_err_nomem(run->err);
    for (size_t i = 0; i < columns; i++) {
        const char *text = rh_stmt_text(stmt, (int)i);

        spellings[i] = text ? rh_arena_strdup(run->arena, text) : NULL;
        if (text && !spellings[i])
            return rh_err_nomem(run->err);
    }
    all->rows[all->count++] = (struct rh_name_row){.spellings = spellings, .count = columns};
    return 0;
}

static int32_t read_rows(struct rh_frame *frame, const char *sql, struct candidates *all)
{
    struct rh_run *run = frame->run;
    struct rh_stmt *stmt;
    int32_t rc = rh_db_query(run->db, frame->module->owner, &stmt, run->err, sql, "");

    if (rc < 0)
        return rc;
    while ((rc = rh_stmt_next(stmt, run->err)) == 1)
        if ((rc = add_row(run, stmt, all)) < 0)
            break;
    rh_stmt_close(stmt);
    return rc;
}

/* 'kreis-steinfurt' (Kreis Steinfurt) */
static void add_name(struct rh_str *out, const struct rh_name_row *row)
{
    const char *id = row->spellings[0] ? row->spellings[0] : "?";
    const char *name = row->count > 1 ? row->spellings[1] : NULL;

    rh_str_printf(out, "'%s'", id);
    if (name && strcmp(name, id) != 0)
        rh_str_printf(out, " (%s)", name);
}

static void list_rows(struct rh_str *out, const struct candidates *all,
                      const struct rh_name_match *match, const char *last_joint)
{
    for (size_t i = 0; i < match->count; i++) {
        if (i > 0)
            rh_str_add(out, i + 1 == match->count ? last_joint : ", ");
        add_name(out, &all->rows[match->row[i]]);
    }
}

/* Of a handful of things that exist all are named. */
static void list_all(struct rh_str *out, const struct candidates *all)
{
    for (size_t i = 0; i < all->count; i++) {
        rh_str_add(out, i > 0 ? ", " : "");
        add_name(out, &all->rows[i]);
    }
}

#define HANDFUL 6

static int shown_bytes(const char *named)
{
    return (int)rh_text_cut(named, rh_text_valid_span(named, strlen(named)), 60);
}

static int32_t refuse_empty(struct rh_run *run, struct rh_text what, const char *named)
{
    return rh_err_set(run->err, RH_ENOTFOUND,
                      "%1$s '%3$.*4$s' gibt es nicht; es ist noch nichts angelegt%2$.0s",
                      "%2$s '%3$.*4$s' does not exist; there is none yet%1$.0s", what.de, what.en,
                      named, shown_bytes(named));
}

static int32_t refuse(struct rh_run *run, struct rh_text what, const char *named,
                      const struct candidates *all, const struct rh_name_match *match)
{
    rh_auto_str(de, RH_ERR_MAX);
    rh_auto_str(en, RH_ERR_MAX);
    int shown = shown_bytes(named);

    list_rows(&de, all, match, " oder ");
    list_rows(&en, all, match, " or ");
    if (match->verdict == RH_NAME_AMBIGUOUS)
        return rh_err_set(run->err, RH_ENOTFOUND,
                          "%1$s '%3$.*4$s' ist nicht eindeutig: %5$s%2$.0s%6$.0s",
                          "%2$s '%3$.*4$s' is not unambiguous: %6$s%1$.0s%5$.0s", what.de, what.en,
                          named, shown, de.data, en.data);
    if (match->verdict == RH_NAME_SIMILAR)
        return rh_err_set(run->err, RH_ENOTFOUND,
                          "%1$s '%3$.*4$s' gibt es nicht (meinten Sie %5$s?)%2$.0s%6$.0s",
                          "%2$s '%3$.*4$s' does not exist (did you mean %6$s?)%1$.0s%5$.0s",
                          what.de, what.en, named, shown, de.data, en.data);
    if (all->count > HANDFUL)
        return rh_err_set(run->err, RH_ENOTFOUND, "%1$s '%3$.*4$s' gibt es nicht%2$.0s",
                          "%2$s '%3$.*4$s' does not exist%1$.0s", what.de, what.en, named, shown);
    list_all(&de, all);
    return rh_err_set(run->err, RH_ENOTFOUND, "%1$s '%3$.*4$s' gibt es nicht; es gibt %5$s%2$.0s",
                      "%2$s '%3$.*4$s' does not exist; there are %5$s%1$.0s", what.de, what.en,
                      named, shown, de.data);
}

/*
 * The id itself, which programs and links send: asked for by index instead of reading all rows.
 * 1 found, 0 not.
 */
static int32_t find_id(struct rh_frame *frame, const char *sql, const char *named)
{
    struct rh_run *run = frame->run;
    struct rh_stmt *stmt;
    const char *column, *query = NULL;
    int32_t rc = rh_db_query(run->db, frame->module->owner, &stmt, run->err, sql, "");

    if (rc < 0)
        return rc;
    column = rh_stmt_column_name(stmt, 0);
    if (column && !strchr(column, '"'))
        query = rh_arena_printf(run->arena, "SELECT 1 FROM (%s) WHERE \"%s\" = ?1", sql, column);
    rh_stmt_close(stmt);
    if (!query)
        return 0; /* the slow way finds it, too */
    rc = rh_db_query(run->db, frame->module->owner, &stmt, run->err, query, "s", named);
    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, run->err);
    rh_stmt_close(stmt);
    return rc;
}

int32_t rh_host_resolve(struct rh_call *call, const char *sql, struct rh_text what,
                        const char *named, const char **ret_id)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_run *run = frame->run;
    struct candidates all = {.count = 0};
    struct rh_name_match match;
    int32_t rc;

    if (!named || !named[0])
        return rh_err_set(run->err, RH_EUSAGE, "%s%.0s fehlt", "%.0s%s is missing", what.de,
                          what.en);
    rc = find_id(frame, sql, named);
    if (rc == 1) {
        *ret_id = rh_arena_strdup(run->arena, named);
        return *ret_id ? 0 : rh_err_nomem(run->err);
    }
    if (rc == 0)
        rc = read_rows(frame, sql, &all);
    if (rc < 0)
        return rc;
    if (!all.rows)
        return refuse_empty(run, what, named);
    rh_name_match(named, all.rows, all.count, &match);
    if (match.verdict != RH_NAME_FOUND)
        return refuse(run, what, named, &all, &match);
    *ret_id = all.rows[match.row[0]].spellings[0];
    return 0;
}
