/* Processes as the house knows them: checked, kept by content, shown. */
#include "core/procedure/internal.h"

#include "core/base/alloc.h"
#include "core/operation/call.h"

#include <pthread.h>
#include <string.h>

#define FAULTS_MAX ((size_t)64 * 1024)
#define TEXT_MAX   ((size_t)4 * 1024 * 1024)
#define KEPT_MAX   256

/*
 * A version is named by its content, so one that was read once is the same for ever, whichever file
 * it came from: they are kept until the program ends.
 */
static pthread_mutex_t kept_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct rh_process_definition *kept[KEPT_MAX];
static size_t kept_count;

static const struct rh_process_definition *find_kept(const char *hash)
{
    const struct rh_process_definition *found = NULL;

    pthread_mutex_lock(&kept_mutex);
    for (size_t i = 0; i < kept_count && !found; i++)
        if (strcmp(kept[i]->hash, hash) == 0)
            found = kept[i];
    pthread_mutex_unlock(&kept_mutex);
    return found;
}

/* Another thread may have been quicker: then its copy is the one. */
static const struct rh_process_definition *keep(struct rh_process_definition *definition)
{
    const struct rh_process_definition *found = NULL;

    pthread_mutex_lock(&kept_mutex);
    for (size_t i = 0; i < kept_count && !found; i++)
        if (strcmp(kept[i]->hash, definition->hash) == 0)
            found = kept[i];
    if (!found && kept_count < KEPT_MAX)
        found = kept[kept_count++] = definition;
    pthread_mutex_unlock(&kept_mutex);
    if (found != definition)
        rh_process_definition_free(definition);
    return found;
}

void definitions_forget(void)
{
    pthread_mutex_lock(&kept_mutex);
    while (kept_count > 0)
        rh_process_definition_free(kept[--kept_count]);
    pthread_mutex_unlock(&kept_mutex);
}

static const char *text_of(struct rh_call *call, const char *hash)
{
    struct rh_rows *rows;
    const char *text = NULL;

    if (rh_query(call, &rows, "SELECT text FROM process_version WHERE hash = ?1", "s", hash) < 0)
        return NULL;
    if (rh_next(call, rows) == 1)
        text = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return text;
}

static int32_t read_kept(struct rh_call *call, const char *name, const char *hash,
                         const struct rh_process_definition **ret)
{
    struct rh_process_definition *definition = NULL;
    const char *text;
    int32_t rc;

    if ((*ret = find_kept(hash)) != NULL)
        return 0;
    if (!(text = text_of(call, hash)))
        return RH_EFAILED;
    rc = rh_process_definition_read(name, text, strlen(text), (enum rh_lang)call->lang, NULL,
                                    &definition, rh_call_err(call));
    if (rc < 0)
        return rh_wrap(call, "der Ablauf '%s' in der Datenbank", "the process '%s' of the database",
                       name);
    if (strcmp(definition->hash, hash) != 0) {
        rh_process_definition_free(definition);
        return rh_fail(call, RH_EDAMAGED,
                       "der Ablauf '%s' in der Datenbank ist nicht mehr der, der er war",
                       "the process '%s' of the database is not what it was", name);
    }
    if (!(*ret = keep(definition)))
        return rh_fail(call, RH_ETOOLARGE,
                       "mehr als %d Fassungen von Abläufen sind nicht vorgesehen",
                       "more than %d versions of processes are not provided for", (int)KEPT_MAX);
    return 0;
}

int32_t definitions_of(struct rh_call *call, const char *process, struct definitions *ret)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT name, hash FROM process_version WHERE ?1 IS NULL OR name = "
                          "?1 ORDER BY added_utc, hash",
                          "s", process);

    ret->count = 0;
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        if (ret->count == DEFINITIONS_MAX)
            return rh_fail(call, RH_ETOOLARGE, "zu viele Fassungen von Abläufen",
                           "too many versions of processes");
        rc = read_kept(call, rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                       &ret->at[ret->count]);
        ret->count += rc == 0;
    }
    return rc < 0 ? rc : 0;
}

const struct rh_process_definition *definition_with(const struct definitions *definitions,
                                                    const char *hash)
{
    for (size_t i = 0; i < definitions->count; i++)
        if (definitions->at[i] && strcmp(definitions->at[i]->hash, hash) == 0)
            return definitions->at[i];
    return NULL;
}

/* Where there is one only, nobody has to name it. */
static int32_t only_process(struct rh_call *call, const char **ret_name)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT name FROM v_process WHERE retired = 0 ORDER BY added_utc DESC, name", "");

    if (rc < 0)
        return rc;
    if (rh_next(call, rows) != 1)
        return rh_fail(
            call, RH_ENOTFOUND,
            "noch ist kein Ablauf da; 'process import config/processes/qev-1.conf' holt "
            "den mitgelieferten",
            "there is no process yet; 'process import config/processes/qev-1.conf' takes "
            "the one that is shipped");
    *ret_name = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

int32_t find_process(struct rh_call *call, const char *named, const char **ret_name)
{
    if (named)
        return rh_resolve(call, "SELECT name, name FROM v_process", RH_TEXT("Ablauf", "process"),
                          named, ret_name);
    return only_process(call, ret_name);
}

/* The version of a process that somebody named, or that new procedures take. */
static int32_t find_definition(struct rh_call *call, const struct rh_process_definition **ret)
{
    struct definitions definitions;
    const char *name,
        *version = rh_param_given(call, "version") ? rh_param_text(call, "version") : NULL;
    struct rh_rows *rows;
    int32_t rc = find_process(call, rh_param_text(call, "process"), &name);

    if (rc < 0 || (rc = definitions_of(call, name, &definitions)) < 0 ||
        (rc =
             rh_query(call, &rows,
                      "SELECT hash FROM process_version WHERE name = ?1 AND (CASE WHEN ?2 IS NULL "
                      "THEN hash = (SELECT hash FROM process WHERE name = ?1) ELSE substr(hash, 1, "
                      "length(?2)) = ?2 END) LIMIT 2",
                      "ss", name, version)) < 0)
        return rc;
    if (rh_next(call, rows) != 1)
        return rh_fail(call, RH_ENOTFOUND,
                       "der Ablauf '%s' hat keine Fassung '%s'; 'process list' zeigt sie",
                       "the process '%s' has no version '%s'; 'process list' shows them", name,
                       version ? version : "");
    *ret = definition_with(&definitions, rh_get_text(call, rows, 0));
    if (rh_next(call, rows) == 1)
        return rh_fail(call, RH_EINVALID,
                       "'%s' beginnt mehr als eine Fassung; nehmen Sie mehr Zeichen",
                       "more than one version begins with '%s'; take more characters", version);
    return 0;
}

/* ---- process check, import ---- */

/* "qev-1" of "config/processes/qev-1.conf". */
static const char *name_of_file(struct rh_call *call, const char *file)
{
    const char *slash = strrchr(file, '/'), *start = slash ? slash + 1 : file;
    size_t length = strlen(start);

    if (length > 5 && strcmp(start + length - 5, ".conf") == 0)
        length -= 5;
    return rh_format(call, "%.*s", "%.*s", (int)length, start);
}

static int32_t read_file(struct rh_call *call, struct rh_process_definition **ret)
{
    rh_auto_str(faults, FAULTS_MAX);
    const char *file, *bytes;
    size_t size;
    int32_t rc = rh_param_file(call, "file", &file, &bytes, &size);

    if (rc < 0)
        return rc;
    rc = rh_process_definition_read(name_of_file(call, file), bytes, size, (enum rh_lang)call->lang,
                                    &faults, ret, rh_call_err(call));
    /* All faults at once, a line each; the error itself carries the first. */
    if (rc < 0 && faults.length > 0 && strchr(faults.data, '\n') != faults.data + faults.length - 1)
        rh_say(call, "%s", "%s", faults.data);
    return rc;
}

static void put_definition(struct rh_call *call, const struct rh_process_definition *definition)
{
    rh_out_text(call, "process", definition->name);
    rh_out_text(call, "title", rh_say_in(call, definition->title));
    rh_out_text(call, "version", definition->hash);
    rh_out_int(call, "steps", (int64_t)definition->step_count);
}

int32_t processes_check(struct rh_call *call)
{
    struct rh_process_definition *definition = NULL;
    int32_t rc = read_file(call, &definition);

    if (rc < 0)
        return rc;
    put_definition(call, definition);
    rh_say(call, "in Ordnung: %zu Schritte", "in order: %zu steps", definition->step_count);
    rh_process_definition_free(definition);
    return 0;
}

static int32_t store_definition(struct rh_call *call,
                                const struct rh_process_definition *definition)
{
    rh_auto_str(text, TEXT_MAX);
    int64_t added, changed;

    rh_process_definition_write(definition, &text);
    if (rh_str_check(&text, rh_call_err(call)) < 0)
        return RH_ENOMEM;
    added = rh_exec(
        call,
        "INSERT INTO process_version(hash, name, text, added_utc, added_by) VALUES (?1, "
        "?2, ?3, ?4, ?5) ON CONFLICT(hash) DO NOTHING",
        "sssis", definition->hash, definition->name, text.data, rh_now_utc(call), rh_actor(call));
    changed = added < 0
                  ? added
                  : rh_exec(call,
                            "INSERT INTO process(name, hash) VALUES (?1, ?2) ON CONFLICT(name) "
                            "DO UPDATE SET hash = excluded.hash, retired = 0 "
                            "WHERE hash <> excluded.hash OR retired = 1",
                            "ss", definition->name, definition->hash);
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0) {
        rh_say(call, "diese Fassung gilt schon", "this version is the valid one already");
        return 0;
    }
    rh_say(
        call,
        "neue Verfahren nehmen diese Fassung; laufende bleiben, bis 'process migrate' sie mitnimmt",
        "new procedures take this version; running ones stay until 'process migrate' takes them "
        "along");
    changed =
        rh_event(call, "process.imported", definition->name, NULL,
                 rh_format(call, "{\"version\":\"%s\"}", "{\"version\":\"%s\"}", definition->hash));
    return changed < 0 ? (int32_t)changed : 0;
}

int32_t processes_import(struct rh_call *call)
{
    struct rh_process_definition *definition = NULL;
    int32_t rc = read_file(call, &definition);

    if (rc < 0)
        return rc;
    put_definition(call, definition);
    rc = store_definition(call, definition);
    rh_process_definition_free(definition);
    return rc;
}

/* ---- process list, retire, show ---- */

int32_t processes_list(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT v.name AS process, substr(v.hash, 1, 12) AS version, "
        "strftime('%Y-%m-%d', v.added_utc, 'unixepoch') AS added, "
        "CASE WHEN p.hash <> v.hash THEN 'former' WHEN p.retired THEN 'retired' ELSE 'valid' END "
        "AS "
        "state, (SELECT count(*) FROM procedure_run r WHERE r.hash = v.hash AND r.current = 1 AND "
        "r.state IN ('planned','running','paused')) AS procedures "
        "FROM process_version v JOIN process p ON p.name = v.name ORDER BY v.name, v.added_utc "
        "DESC",
        "");
}

int32_t processes_retire(struct rh_call *call)
{
    const char *name;
    int64_t changed;
    int32_t rc = find_process(call, rh_param_text(call, "process"), &name);

    if (rc < 0)
        return rc;
    changed =
        rh_exec(call, "UPDATE process SET retired = 1 WHERE name = ?1 AND retired = 0", "s", name);
    if (changed < 0 || (changed == 1 && rh_event(call, "process.retired", name, NULL, NULL) < 0))
        return RH_EFAILED;
    rh_say(call, "kein neues Verfahren nimmt '%s'; laufende gehen zu Ende",
           "no new procedure takes '%s'; running ones go on to their end", name);
    return 0;
}

static void put_steps(struct rh_call *call, const struct rh_process_definition *definition)
{
    rh_out_array(call, "items");
    for (size_t i = 0; i < definition->step_count; i++) {
        const struct rh_process_step *step = &definition->steps[i];
        rh_auto_str(due, 1024);

        if (step->due.given)
            rh_process_offset_words(definition, &step->due, (enum rh_lang)call->lang, &due);
        rh_out_object(call, NULL);
        rh_out_int(call, "number", (int64_t)i + 1);
        rh_out_text(call, "step", step->name);
        rh_out_text(call, "title", rh_say_in(call, step->title));
        rh_out_text(call, "who", rh_say_in(call, rh_process_role_title(step->who)));
        rh_out_text(call, "form", rh_say_in(call, rh_process_form_title(step->form)));
        rh_out_text(call, "due", due.length ? due.data : NULL);
        rh_out_text(call, "title_de", step->title.de);
        rh_out_text(call, "title_en", step->title.en);
        rh_out_flag(call, "appointment", step->form == RH_PROCESS_APPOINTMENT);
        rh_out_int(call, "at", step->at); /* minutes; -1: not said */
        rh_out_int(call, "until", step->until);
        rh_out_end(call);
    }
    rh_out_end(call);
}

int32_t processes_show(struct rh_call *call)
{
    const struct rh_process_definition *definition;
    rh_auto_str(prose, TEXT_MAX);
    int32_t rc = find_definition(call, &definition);

    if (rc < 0)
        return rc;
    put_definition(call, definition);
    put_steps(call, definition);
    rh_process_prose(definition, (enum rh_lang)call->lang, &prose);
    if ((rc = rh_str_check(&prose, rh_call_err(call))) < 0)
        return rc;
    rh_out_text(call, "prose", prose.data);
    return 0;
}

int32_t processes_picture(struct rh_call *call)
{
    const struct rh_process_definition *definition;
    rh_auto_str(svg, TEXT_MAX);
    int32_t rc = find_definition(call, &definition);

    if (rc < 0)
        return rc;
    rh_process_picture(definition, (enum rh_lang)call->lang, &svg);
    if ((rc = rh_str_check(&svg, rh_call_err(call))) < 0)
        return rc;
    rh_out_text(call, "process", definition->name);
    rh_out_text(call, "svg", svg.data);
    return 0;
}
