/*
 * hello - notes on offices: a small plugin with one of everything.
 *
 * Read it from the bottom: the descriptor shows all that the plugin can do; the tables above it say
 * how each thing is called; the functions above those are straight-line C with a transaction in
 * hand. It sees <reihum/plugin.h> and nothing else.
 */
#include <reihum/plugin.h>

/* ---- its table ---- */

static const struct rh_migration migrations[] = {
    {1, 0, "notes",
     "CREATE TABLE hello_note (            -- what somebody wanted to remember of an office\n"
     "  id INTEGER PRIMARY KEY,\n"
     "  office TEXT NOT NULL REFERENCES office(id),\n"
     "  text TEXT NOT NULL,\n"
     "  actor TEXT NOT NULL,               -- who wrote it\n"
     "  at_utc INTEGER NOT NULL            -- seconds since 1970\n"
     ") STRICT;\n"
     "CREATE INDEX hello_note_by_office ON hello_note(office);\n"},
};

/* ---- what it can be asked and told ---- */

/* The id of the office that a person named; with the nearest ones in the error when there is none.
 */
static int32_t find_office(struct rh_call *call, const char **ret_id)
{
    return rh_resolve(call, "SELECT id, name, short_name FROM v_office",
                      RH_TEXT("Jugendamt", "office"), rh_param_text(call, "office"), ret_id);
}

static int32_t add_note(struct rh_call *call)
{
    const char *text = rh_param_text(call, "text"), *office;
    int32_t rc = find_office(call, &office);

    if (rc < 0)
        return rc;
    if (!*text)
        return rh_fail(call, RH_EINVALID, "eine leere Notiz sagt niemandem etwas",
                       "an empty note tells nobody anything");
    if (rh_exec(call,
                "INSERT INTO hello_note (office, text, actor, at_utc) VALUES (?1, ?2, ?3, ?4)",
                "sssi", office, text, rh_actor(call), rh_now_utc(call)) < 0)
        return rh_wrap(call, "Notiz zu '%s'", "note on '%s'", office);
    /* Others may have hooks on this; one of them may veto, and the note was never written. */
    if (rh_event(call, "hello.noted", office, NULL, NULL) < 0)
        return RH_EFAILED;
    rh_out_int(call, "id", rh_last_id(call));
    rh_say(call, "%s: die Notiz zu %s ist aufgeschrieben", "%s: the note on %s is written down",
           rh_config_text(call, "greeting"), office);
    return 0;
}

static int32_t list_notes(struct rh_call *call)
{
    const char *office = NULL;
    int32_t rc = rh_param_given(call, "office") ? find_office(call, &office) : 0;

    if (rc < 0)
        return rc;
    rh_out_text(call, "greeting", rh_config_text(call, "greeting"));
    return rh_out_query(call, "items",
                        "SELECT n.id, o.name AS office, n.text, n.actor"
                        " FROM hello_note n JOIN v_office o ON o.id = n.office"
                        " WHERE ?1 IS NULL OR n.office = ?1 ORDER BY n.id",
                        "s", office);
}

static const struct rh_param add_params[] = {
    {.name = "office",
     .type = RH_TYPE_TEXT,
     .flags = RH_PARAM_REQUIRED,
     .help = {"Name des Jugendamts", "name of the office"}},
    {.name = "text",
     .type = RH_TYPE_TEXT,
     .flags = RH_PARAM_REQUIRED,
     .help = {"die Notiz", "the note"}},
};

static const struct rh_param list_params[] = {
    {.name = "office",
     .type = RH_TYPE_TEXT,
     .flags = RH_PARAM_POSITIONAL,
     .help = {"nur zu diesem Jugendamt", "of this office only"}},
};

static const struct rh_column list_columns[] = {
    {"id", RH_TYPE_INT, 0, {"Nr.", "no."}},
    {"office", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {"text", RH_TYPE_TEXT, 0, {"Notiz", "note"}},
    {"actor", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"von", "by"}},
};

static const struct rh_operation operations[] = {
    {.name = "hello add",
     .kind = RH_WRITE,
     .flags = RH_OP_DRY_RUN,
     .help = {"eine Notiz zu einem Jugendamt aufschreiben", "write down a note on an office"},
     .params = RH_ROWS(add_params),
     .run = add_note},
    {.name = "hello list",
     .kind = RH_READ,
     .help = {"die Notizen zeigen", "show the notes"},
     .params = RH_ROWS(list_params),
     .columns = RH_ROWS(list_columns),
     .run = list_notes},
};

/* ---- what it watches ---- */

/* Inside the transaction that closes the office: failing here means that it stays open. */
static int32_t on_office_closed(struct rh_call *call, const struct rh_event *event)
{
    struct rh_rows *rows;
    int32_t rc;

    if (!rh_config_int(call, "keep_open"))
        return 0;
    rc = rh_query(call, &rows, "SELECT 1 FROM hello_note WHERE office = ?1 LIMIT 1", "s",
                  event->subject);
    if (rc == 0)
        rc = rh_next(call, rows);
    if (rc == 1)
        return rh_fail(call, RH_ECONFLICT,
                       "zu '%s' gibt es noch Notizen (keep_open ist eingeschaltet)",
                       "there are notes on '%s' still (keep_open is on)", event->subject);
    return rc;
}

static const struct rh_hook hooks[] = {
    {"office.closed", 0, 0, on_office_closed},
};

/* ---- what can be set, and what can be seen ---- */

static const struct rh_config_key config[] = {
    {.name = "greeting",
     .type = RH_TYPE_TEXT,
     .fallback = "Guten Tag",
     .min = 1, /* characters */
     .max = 40,
     .help = {"womit das Plugin grüßt", "how the plugin greets"}},
    {.name = "keep_open",
     .type = RH_TYPE_FLAG,
     .fallback = "nein",
     .help = {"ein Jugendamt mit Notizen darf nicht geschlossen werden",
              "an office with notes must not be closed"}},
};

static const char page[] = "<p>{{greeting}}!</p>\n"
                           "<table>\n"
                           "<tr><th>{{:Jugendamt|office}}</th><th>{{:Notiz|note}}</th></tr>\n"
                           "{{#items}}<tr><td>{{office}}</td><td>{{text}}</td></tr>\n{{/items}}"
                           "</table>\n";

static const struct rh_page pages[] = {
    {.path = "/hello",
     .operation = "hello list",
     .body = page,
     .title = {"Notizen", "Notes"},
     .nav = {"Notizen", "Notes"},
     .nav_order = 90},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("hello", "1.0.0"),
    .title = {"Notizen zu Jugendämtern (Beispiel)", "notes on offices (example)"},
    .operations = RH_ROWS(operations),
    .hooks = RH_ROWS(hooks),
    .pages = RH_ROWS(pages),
    .config = RH_ROWS(config),
    .migrations = RH_ROWS(migrations),
};
