/* What the server can be asked and told about itself: status, jobs, events, backups. */
#include "core/server/server.h"

/* Before the words of plugins, which have an rh_job_add() of their own. */
#include "core/store/job.h"

#include "core/operation/call.h"
#include "core/server/file_place.h"
#include "core/server/simulate.h"
#include "reihum/plugin.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AT(column) "strftime('%Y-%m-%dT%H:%M:%SZ', " column ", 'unixepoch')"

/* ---- server status ---- */

/* The first value of a query that gives one row. */
static int32_t ask_number(struct rh_call *call, const char *sql, int64_t *ret_number)
{
    struct rh_rows *rows = NULL;
    int32_t rc = rh_query(call, &rows, sql, "");

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    if (rc == 1)
        *ret_number = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t put_counts(struct rh_call *call)
{
    static const struct {
        const char *key, *sql;
    } counts[] = {
        {"events", "SELECT ifnull(max(seq), 0) FROM v_event"},
        {"jobs_queued", "SELECT count(*) FROM v_job WHERE state = 'queued'"},
        {"jobs_dead", "SELECT count(*) FROM v_job WHERE state = 'dead'"},
        {"jobs_held", "SELECT count(*) FROM v_job WHERE state = 'held'"},
    };

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        int64_t number = 0;
        int32_t rc = ask_number(call, counts[i].sql, &number);

        if (rc < 0)
            return rc;
        rh_out_int(call, counts[i].key, number);
    }
    return 0;
}

static int32_t server_status(struct rh_call *call)
{
    struct rh_house *house = rh_call_house(call);
    struct rh_server_facts facts;

    rh_server_facts(&facts);
    rh_out_flag(call, "running", facts.url[0] != '\0');
    rh_out_flag(call, "practice", house->practice);
    rh_out_text(call, "today", rh_day_text(call, rh_today(call)));
    rh_out_text(call, "version", RH_VERSION);
    rh_out_text(call, "database", rh_store_path(house->store));
    rh_out_int(call, "data_version", (int64_t)rh_store_version(house->store));
    rh_out_int(call, "pid", getpid());
    if (facts.url[0]) {
        rh_out_text(call, "url", facts.url);
        rh_out_int(call, "uptime_seconds", rh_now_utc(call) - facts.started_utc);
    } else {
        rh_say(call, "Kein Server läuft; diese Antwort kommt vom Kommando selbst.",
               "No server is running; this answer comes from the command itself.");
    }
    return put_counts(call);
}

/* ---- jobs ---- */

#define JOB_COLUMNS                                                                                \
    "SELECT id, kind, key, state, " AT(                                                            \
        "run_at_utc") " AS run_at, attempts, max_attempts,"                                        \
                      " CASE ?1 WHEN 0 THEN error_de ELSE error_en END AS error FROM v_job"

static int32_t job_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(call, "items",
                              JOB_COLUMNS " WHERE CASE WHEN ?2 IS NULL THEN state <> 'done'"
                                          " ELSE state = ?2 END AND (?3 IS NULL OR kind = ?3)"
                                          " ORDER BY run_at_utc, id LIMIT ?4",
                              "issi", (int64_t)call->lang, rh_param_text(call, "state"),
                              rh_param_text(call, "kind"), rh_param_int(call, "limit"));

    return rc < 0 ? rc : 0;
}

static int32_t job_show(struct rh_call *call)
{
    int32_t rc = rh_out_query(call, "items", JOB_COLUMNS " WHERE id = ?2", "ii",
                              (int64_t)call->lang, rh_param_int(call, "id"));

    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "Auftrag %lld gibt es nicht; 'job list' zeigt sie",
                       "there is no job %lld; 'job list' shows them",
                       (long long)rh_param_int(call, "id"));
    return rc < 0 ? rc : 0;
}

typedef int32_t job_move(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err);

static int32_t move_job(struct rh_call *call, job_move *move, const char *topic)
{
    int64_t id = rh_param_int(call, "id"), seq;
    int32_t rc = move(rh_call_db(call), id, rh_now_utc(call), rh_call_err(call));
    const char *subject = rh_format(call, "%lld", "%lld", (long long)id);

    if (rc < 0)
        return rc;
    seq = rh_event(call, topic, subject, NULL, NULL);
    return seq < 0 ? (int32_t)seq : job_show(call);
}

static int32_t job_retry(struct rh_call *call)
{
    return move_job(call, rh_job_retry, "job.retried");
}

static int32_t job_hold(struct rh_call *call)
{
    return move_job(call, rh_job_hold, "job.held");
}

static int32_t job_release(struct rh_call *call)
{
    return move_job(call, rh_job_release, "job.released");
}

/* The answer and the event keep what it was; the row is gone. */
static int32_t job_drop(struct rh_call *call)
{
    int64_t id = rh_param_int(call, "id"), seq;
    struct rh_rows *rows;
    const char *before;
    int32_t rc = job_show(call);

    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT json_object('kind', kind, 'key', key, 'payload', payload, "
                       "'state', state, 'attempts', attempts, 'error_de', error_de, "
                       "'error_en', error_en) FROM v_job WHERE id = ?1",
                       "i", id)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    before = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if ((rc = rh_job_drop(rh_call_db(call), id, rh_call_err(call))) < 0)
        return rc;
    seq =
        rh_event(call, "job.dropped", rh_format(call, "%lld", "%lld", (long long)id), before, NULL);
    if (seq < 0)
        return (int32_t)seq;
    rh_say(call, "Auftrag %lld ist verworfen", "job %lld is dropped", (long long)id);
    return 0;
}

/* ---- events ---- */

static int32_t event_list(struct rh_call *call)
{
    /* The newest of those asked for, shown in the order in which they happened. */
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT seq, at, topic, subject, actor, operation, before, after FROM ("
        " SELECT seq, " AT(
            "at_utc") " AS at, topic, subject, actor, operation, before, after"
                      " FROM v_event WHERE seq > ?1"
                      " AND (?2 IS NULL OR topic = ?2 OR (topic LIKE ?2 || '.%'))"
                      " AND (?3 IS NULL OR subject = ?3) AND (?4 IS NULL OR actor = ?4)"
                      " ORDER BY seq DESC LIMIT ?5) ORDER BY seq",
        "isssi", rh_param_int(call, "after"), rh_param_text(call, "topic"),
        rh_param_text(call, "subject"), rh_param_text(call, "actor"), rh_param_int(call, "limit"));

    return rc < 0 ? rc : 0;
}

/* ---- backup ---- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int32_t backup_create(struct rh_call *call)
{
    char path[RH_PLACE_MAX];
    const char *to = rh_param_text(call, "to");
    int32_t rc;

    if (!to)
        to = rh_format(call, "%s.%s.bak", "%s.%s.bak",
                       name_of(rh_store_path(rh_call_house(call)->store)),
                       rh_day_text(call, rh_today(call)));
    rc = rh_place_for_file(call, to, path);

    if (rc == 0)
        rc = rh_store_backup(rh_call_house(call)->store, path, rh_call_err(call));
    if (rc < 0)
        return rc;
    rh_out_text(call, "file", path);
    rh_say(call, "Sicherung geschrieben und geprüft: %s", "backup written and checked: %s", path);
    return 0;
}

/* ---- the tables ---- */

#define PARAM(name_, type_, flags_, fallback_, choices_, min_, max_, de_, en_)                     \
    {                                                                                              \
        .name = (name_), .type = (type_), .flags = (flags_), .fallback = (fallback_),              \
        .choices = (choices_), .min = (min_), .max = (max_), .help = {                             \
            (de_),                                                                                 \
            (en_)                                                                                  \
        }                                                                                          \
    }
#define COLUMN(name_, type_, flags_, de_, en_)                                                     \
    {                                                                                              \
        .name = (name_), .type = (type_), .flags = (flags_), .title = {(de_), (en_) }              \
    }

static const struct rh_param job_list_params[] = {
    PARAM("state", RH_TYPE_CHOICE, 0, NULL, "queued|running|done|dead|held", 0, 0,
          "nur in diesem Zustand; sonst alle, die nicht erledigt sind",
          "in this state only; else all that are not done"),
    PARAM("kind", RH_TYPE_TEXT, 0, NULL, NULL, 0, 0, "nur dieser Art", "of this kind only"),
    PARAM("limit", RH_TYPE_INT, 0, "100", NULL, 1, 10000, "höchstens so viele", "at most so many"),
};
static const struct rh_param job_id_params[] = {
    PARAM("id", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, NULL, NULL, 1, INT64_MAX,
          "Nummer des Auftrags", "number of the job"),
};
static const struct rh_column job_columns[] = {
    COLUMN("id", RH_TYPE_INT, 0, "Nummer", "Number"),
    COLUMN("kind", RH_TYPE_TEXT, 0, "Art", "Kind"),
    COLUMN("key", RH_TYPE_TEXT, 0, "Schlüssel", "Key"),
    COLUMN("state", RH_TYPE_TEXT, 0, "Zustand", "State"),
    COLUMN("run_at", RH_TYPE_TEXT, 0, "fällig (UTC)", "Due (UTC)"),
    COLUMN("attempts", RH_TYPE_INT, 0, "Versuche", "Attempts"),
    COLUMN("max_attempts", RH_TYPE_INT, RH_COLUMN_WIDE, "höchstens", "At most"),
    COLUMN("error", RH_TYPE_TEXT, 0, "letzter Fehler", "Last error"),
    COLUMN("state=queued", RH_TYPE_TEXT, 0, "wartet", "queued"),
    COLUMN("state=running", RH_TYPE_TEXT, 0, "läuft", "running"),
    COLUMN("state=done", RH_TYPE_TEXT, 0, "erledigt", "done"),
    COLUMN("state=dead", RH_TYPE_TEXT, 0, "gescheitert", "dead"),
    COLUMN("state=held", RH_TYPE_TEXT, 0, "angehalten", "held"),
};
static const struct rh_param simulate_params[] = {
    {"until", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"bis zu diesem Tag", "until this day"}},
    {"people", RH_TYPE_CHOICE, .fallback = "do", .choices = "do|nothing",
     .help = {"tun die Menschen, was ansteht?", "do people do what is due?"}},
    {"late", RH_TYPE_INT, .fallback = "0", .min = 0, .max = 100,
     .help = {"von hundert Schritten so viele zu spät", "so many of a hundred steps too late"}},
    {"keep", RH_TYPE_TEXT, .min = 1, .max = 4000,
     .help = {"die Kopie als Übungsdatenbank in dieser Datei behalten",
              "keep the copy in this file, as a database to practise on"}},
};
static const struct rh_column simulate_columns[] = {
    COLUMN("at", RH_TYPE_TEXT, 0, "wann", "when"),
    COLUMN("kind", RH_TYPE_TEXT, 0, "Art", "kind"),
    COLUMN("subject", RH_TYPE_TEXT, 0, "Verfahren", "procedure"),
    COLUMN("step", RH_TYPE_TEXT, 0, "Schritt", "step"),
    COLUMN("to", RH_TYPE_TEXT, 0, "an, oder Stand", "to, or state"),
    COLUMN("day", RH_TYPE_DAY, 0, "Frist", "deadline"),
    COLUMN("running", RH_TYPE_INT, 0, "laufende Verfahren", "running procedures"),
    COLUMN("meetings", RH_TYPE_INT, 0, "Treffen", "meetings"),
    COLUMN("what", RH_TYPE_TEXT, 0, "was", "what"),
    COLUMN("deadlines", RH_TYPE_INT, RH_COLUMN_WIDE, "Fristen", "deadlines"),
    COLUMN("mails", RH_TYPE_INT, RH_COLUMN_WIDE, "Mails", "mails"),
    COLUMN("kind=mail", RH_TYPE_TEXT, 0, "Mail", "mail"),
    COLUMN("kind=deadline", RH_TYPE_TEXT, 0, "Frist", "deadline"),
    COLUMN("kind=transition", RH_TYPE_TEXT, 0, "Stand", "state"),
    COLUMN("kind=brake", RH_TYPE_TEXT, 0, "Bremse", "brake"),
    COLUMN("kind=load", RH_TYPE_TEXT, 0, "Last", "load"),
    COLUMN("kind=clash", RH_TYPE_TEXT, 0, "Zusammenstoß", "clash"),
    COLUMN(".from", RH_TYPE_DAY, 0, "von", "from"),
    COLUMN(".until", RH_TYPE_DAY, 0, "bis", "until"),
    COLUMN(".mails", RH_TYPE_INT, 0, "Mails", "mails"),
    COLUMN(".deadlines", RH_TYPE_INT, 0, "verstrichene Fristen", "deadlines that passed"),
    COLUMN(".transitions", RH_TYPE_INT, 0, "Übergänge", "transitions"),
    COLUMN(".clashes", RH_TYPE_INT, 0, "Zusammenstöße", "clashes"),
    COLUMN(".most_running", RH_TYPE_INT, 0, "meiste Verfahren zugleich", "most procedures at once"),
    COLUMN(".file", RH_TYPE_TEXT, 0, "Datei", "file"),
};
static const struct rh_column status_columns[] = {
    COLUMN(".running", RH_TYPE_FLAG, 0, "Server läuft", "Server is running"),
    COLUMN(".practice", RH_TYPE_FLAG, 0, "Übungsdatenbank", "Database to practise on"),
    COLUMN(".today", RH_TYPE_DAY, 0, "Tag", "Day"),
    COLUMN(".version", RH_TYPE_TEXT, 0, "Version", "Version"),
    COLUMN(".database", RH_TYPE_TEXT, 0, "Datenbank", "Database"),
    COLUMN(".data_version", RH_TYPE_INT, RH_COLUMN_WIDE, "Stand der Daten", "Version of the data"),
    COLUMN(".pid", RH_TYPE_INT, 0, "Prozess", "Process"),
    COLUMN(".url", RH_TYPE_TEXT, 0, "Adresse", "Address"),
    COLUMN(".uptime_seconds", RH_TYPE_INT, 0, "läuft seit (Sekunden)", "Up for (seconds)"),
    COLUMN(".events", RH_TYPE_INT, 0, "Ereignisse", "Events"),
    COLUMN(".jobs_queued", RH_TYPE_INT, 0, "wartende Aufträge", "Jobs queued"),
    COLUMN(".jobs_dead", RH_TYPE_INT, 0, "gescheiterte Aufträge", "Jobs dead"),
    COLUMN(".jobs_held", RH_TYPE_INT, 0, "angehaltene Aufträge", "Jobs held"),
};

static const struct rh_param event_params[] = {
    PARAM("topic", RH_TYPE_TEXT, 0, NULL, NULL, 0, 0, "nur diese Art: 'round.published', 'round'",
          "of this kind only: 'round.published', 'round'"),
    PARAM("subject", RH_TYPE_TEXT, 0, NULL, NULL, 0, 0, "nur über diesen Gegenstand",
          "about this subject only"),
    PARAM("actor", RH_TYPE_TEXT, 0, NULL, NULL, 0, 0, "nur von diesem Handelnden",
          "by this actor only"),
    PARAM("after", RH_TYPE_INT, 0, "0", NULL, 0, INT64_MAX, "nur nach dieser Nummer",
          "after this number only"),
    PARAM("limit", RH_TYPE_INT, 0, "100", NULL, 1, 10000, "höchstens so viele, die jüngsten",
          "at most so many, the newest"),
};
static const struct rh_column event_columns[] = {
    COLUMN("seq", RH_TYPE_INT, 0, "Nummer", "Number"),
    COLUMN("at", RH_TYPE_TEXT, 0, "Zeit (UTC)", "Time (UTC)"),
    COLUMN("topic", RH_TYPE_TEXT, 0, "Was", "What"),
    COLUMN("subject", RH_TYPE_TEXT, 0, "Worüber", "About"),
    COLUMN("actor", RH_TYPE_TEXT, 0, "Wer", "Who"),
    COLUMN("operation", RH_TYPE_TEXT, RH_COLUMN_WIDE, "Wodurch", "By"),
    COLUMN("before", RH_TYPE_TEXT, RH_COLUMN_WIDE, "vorher", "Before"),
    COLUMN("after", RH_TYPE_TEXT, RH_COLUMN_WIDE, "nachher", "After"),
};

static const struct rh_param backup_params[] = {
    PARAM("to", RH_TYPE_TEXT, RH_PARAM_POSITIONAL, NULL, NULL, 0, 0,
          "wohin: ein Name (neben der Datenbank) oder ein ganzer Pfad; sonst mit dem Datum",
          "where to: a name (beside the database) or a whole path; else with the date"),
};

#define JOB_OPERATION(verb, function, de, en)                                                      \
    {                                                                                              \
        .name = "job " verb, .kind = RH_WRITE, .help = {(de), (en)}, .detail = {"", ""},           \
        .params = RH_ROWS(job_id_params), .columns = RH_ROWS(job_columns), .run = (function)       \
    }

static const struct rh_operation operations[] = {
    {.name = "server status",
     .kind = RH_READ,
     .help = {"sagt, was läuft und wie es ihm geht", "say what is running and how it is"},
     .detail = {"", ""},
     .columns = RH_ROWS(status_columns),
     .run = server_status},
    {.name = "simulate",
     .kind = RH_COMPUTE,
     .flags = RH_OP_HOUSE | RH_OP_LINES,
     .help = {"den Plan auf einer Kopie vorauslaufen lassen: jede Mail, jede Frist, Zusammenstöße, "
              "Last",
              "run the plan forward on a copy: every mail, every deadline, clashes, the load"},
     .detail =
         {"Die Uhr der Kopie springt von einem Ereignis zum nächsten; was geschieht, tut dasselbe "
          "Programm wie sonst. Angenommen wird, dass jeder Schritt an seinem Tag getan wird "
          "(--people do) "
          "oder keiner (--people nothing); --late verspätet so viele von hundert um zehn "
          "Arbeitstage. "
          "Mit --keep bleibt die Kopie als Übungsdatenbank, die an ihrem Tag weiterlebt.",
          "The copy's clock leaps from one thing to the next; what happens is done by the same "
          "program as "
          "ever. It is assumed that each step is done on its day (--people do) or none is "
          "(--people "
          "nothing); --late makes so many of a hundred ten working days late. With --keep the copy "
          "stays as "
          "a database to practise on that lives on at its day."},
     .params = RH_ROWS(simulate_params),
     .columns = RH_ROWS(simulate_columns),
     .run = rh_simulate},
    {.name = "job list",
     .kind = RH_READ,
     .help = {"zeigt, was noch zu tun ist", "show what is still to be done"},
     .detail = {"Aufträge sind, was aus einer Änderung folgt und später geschieht, etwa eine Mail. "
                "Was wiederholt scheitert, ist am Ende 'dead' und wartet auf 'job retry' oder 'job "
                "drop'.",
                "Jobs are what follows from a change and happens later, a mail say. What fails "
                "again and again is 'dead' in the end and waits for 'job retry' or 'job drop'."},
     .params = RH_ROWS(job_list_params),
     .columns = RH_ROWS(job_columns),
     .run = job_list},
    {.name = "job show",
     .kind = RH_READ,
     .help = {"zeigt einen Auftrag", "show a job"},
     .detail = {"", ""},
     .params = RH_ROWS(job_id_params),
     .columns = RH_ROWS(job_columns),
     .run = job_show},
    JOB_OPERATION("retry", job_retry, "versucht einen gescheiterten Auftrag noch einmal",
                  "try a dead job again"),
    JOB_OPERATION("hold", job_hold, "hält einen Auftrag an", "hold a job"),
    JOB_OPERATION("release", job_release, "lässt einen angehaltenen Auftrag wieder laufen",
                  "release a held job"),
    JOB_OPERATION("drop", job_drop,
                  "verwirft einen Auftrag, der wartet, angehalten oder gescheitert ist",
                  "drop a job that is queued, held or dead"),
    {.name = "event list",
     .kind = RH_READ,
     .help = {"zeigt, was geschehen ist", "show what happened"},
     .detail = {"", ""},
     .params = RH_ROWS(event_params),
     .columns = RH_ROWS(event_columns),
     .run = event_list},
    {.name = "backup create",
     .kind = RH_COMPUTE,
     .help = {"sichert die Datenbank in eine Datei", "save the database to a file"},
     .detail = {"Auch während der Server läuft. Die Kopie wird geprüft, bevor sie ihren Namen "
                "bekommt; eine vorhandene Datei wird nicht überschrieben.",
                "Also while the server runs. The copy is checked before it gets its name; a file "
                "that is there already is not overwritten."},
     .params = RH_ROWS(backup_params),
     .run = backup_create},
};

const struct rh_plugin rh_server_module = {
    RH_PLUGIN_HEAD("house", "1.0.0"),
    .title = {"Haus und Server", "House and server"},
    .operations = RH_ROWS(operations),
};
