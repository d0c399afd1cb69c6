/* pilot bundle and pilot verify: the files of a drawn selection, out and in. */
#include "plugins/pilot/internal.h"
#include "plugins/pilot/panel/verify.h"

#include <string.h>

enum { INPUT, CHANCES, LOTTERY, DRAW, FILES };
static const char *const names[FILES] = {"input.txt", "chances.txt", "lottery.txt", "draw.txt"};

static void out_file(struct rh_call *call, const char *name, const char *text)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "name", name);
    rh_out_text(call, "text", text);
    rh_out_end(call);
}

/* The reserve list as it was drawn: positions of those that moved up since are kept. */
static int32_t load_drawn(struct rh_call *call, const struct pool *pool,
                          const char *lottery_as_text, const struct words_of_draw *words,
                          struct drawn *drawn)
{
    struct panel_lottery *lottery = rh_alloc_in(call, sizeof(*lottery));
    int32_t rc;

    if (!lottery)
        return RH_ENOMEM;
    rc = read_lottery(call, lottery_as_text, pool, lottery);
    return rc < 0 ? rc
                  : draw_by(call, "reihum pilot 1 draw", words->digest, words->seed, lottery,
                            pool->eligible_count, drawn);
}

int32_t pilot_bundle(struct rh_call *call)
{
    const char *selection, *texts[FILES];
    struct words_of_draw words;
    struct drawn drawn = {0};
    struct rh_rows *rows;
    struct pool pool;
    int32_t rc = find_in_state(call, "drawn", &selection);

    if (rc < 0 || (rc = pool_load(call, selection, &pool)) < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT input, chances, lottery, digest, source, seed, first_person, "
                       "second_person FROM pilot_selection WHERE id = ?1",
                       "s", selection)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    for (int32_t i = 0; i < DRAW; i++)
        texts[i] = rh_get_text(call, rows, i);
    words = (struct words_of_draw){rh_get_text(call, rows, 3), rh_get_text(call, rows, 4),
                                   rh_get_text(call, rows, 5), rh_get_text(call, rows, 6),
                                   rh_get_text(call, rows, 7)};
    rh_close(call, rows);
    if ((rc = load_drawn(call, &pool, texts[LOTTERY], &words, &drawn)) < 0)
        return rc;
    texts[DRAW] = draw_text(call, &pool, &drawn, &words);
    rh_out_text(call, "selection", selection);
    rh_out_array(call, "files");
    for (int32_t i = 0; i < FILES; i++)
        out_file(call, names[i], texts[i]);
    out_file(call, "manifest.txt", manifest_text(call, names, texts, FILES));
    rh_out_end(call);
    rh_say(call,
           "fünf Dateien; '--output ORDNER' legt sie ab, 'reihum pilot verify ORDNER' prüft sie",
           "five files; '--output FOLDER' writes them, 'reihum pilot verify FOLDER' checks them");
    return 0;
}

/* ---- verify ---- */

/* An error is kept in both languages: each takes its own sentence and passes over the other's. */
static int32_t refuse(struct rh_call *call, const struct pilot_verdict *verdict)
{
    const char *de = pilot_verdict_text(verdict->what, 0);
    const char *en = pilot_verdict_text(verdict->what, 1);

    if (verdict->line)
        return rh_fail(call, RH_EINVALID, "%s, Zeile %ld: %s%.0s", "%s, line %ld: %.0s%s",
                       verdict->file, verdict->line, de, en);
    return rh_fail(call, RH_EINVALID, "%s: %s%.0s", "%s: %.0s%s", verdict->file, de, en);
}

int32_t pilot_verify_bundle(struct rh_call *call)
{
    struct pilot_file files[PILOT_FILES_MAX];
    char in_it[PILOT_FILES_MAX][PILOT_NAME_MAX + 1];
    struct pilot_verdict verdict;
    const char *name, *bytes;
    size_t size;
    int32_t count, rc = rh_param_file(call, "bundle", &name, &bytes, &size);

    if (rc < 0)
        return rc;
    count = pilot_unpack(bytes, size, files, in_it);
    if (count < 0)
        return rh_fail(call, RH_EINVALID,
                       "'%s' ist kein Ordner mit den Dateien eines Bündels; 'reihum pilot bundle "
                       "--output ORDNER' macht einen",
                       "'%s' is not a folder with the files of a bundle; 'reihum pilot bundle "
                       "--output FOLDER' makes one",
                       name);
    pilot_verify(files, count, &verdict);
    if (verdict.what)
        return refuse(call, &verdict);
    rh_out_int(call, "applicants", verdict.applicants);
    rh_out_int(call, "panels", verdict.panels);
    rh_out_int(call, "places", verdict.places);
    rh_out_int(call, "quotas", verdict.quotas);
    rh_out_int(call, "certificates", verdict.certificates);
    rh_say(
        call,
        "alles stimmt: %ld Bewerbungen, %ld Zusammensetzungen mit je %ld Plätzen, %ld Regeln, %ld "
        "Zertifikate; die Ziehung folgt aus dem Startwert",
        "all is as it must be: %ld applications, %ld panels of %ld places, %ld rules, %ld "
        "certificates; the draw follows from the seed",
        verdict.applicants, verdict.panels, verdict.places, verdict.quotas, verdict.certificates);
    return 0;
}
