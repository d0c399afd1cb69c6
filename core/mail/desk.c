#include "core/mail/desk.h"

#include "core/base/alloc.h"
#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/mail/address.h"
#include "core/mail/build.h"
#include "core/template/template.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX  300
#define SAMPLE_MAX (64 * 1024)

struct sample {
    const char *name; /* "reminder" */
    const char *text;
    size_t length;
};

struct rh_mail_desk {
    struct rh_arena arena; /* holds the texts */
    const char *from, *from_name, *reply_to, *bounce;
    struct rh_templates *templates; /* owned; NULL: none */
    struct sample samples[FILES_MAX];
    size_t sample_count;
};

/* ---- the folder ---- */

struct folder {
    const char *path;
    char *names[FILES_MAX]; /* in the arena */
    size_t count;
};

static bool has_ending(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);

    return length > tail && strcmp(name + length - tail, ending) == 0;
}

static bool is_ours(const char *name)
{
    return name[0] != '.' &&
           (has_ending(name, ".txt") || has_ending(name, ".html") || has_ending(name, ".json"));
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int32_t list_folder(struct rh_mail_desk *desk, struct folder *folder, struct rh_err *err)
{
    DIR *dir = opendir(folder->path);
    const struct dirent *entry;

    if (!dir)
        return rh_err_set(err, RH_ENOTFOUND, "Ordner der Mailvorlagen '%s': %s",
                          "folder of mail templates '%s': %s", folder->path, strerror(errno));
    while ((entry = readdir(dir)) && folder->count < FILES_MAX)
        if (is_ours(entry->d_name) &&
            !(folder->names[folder->count++] = rh_arena_strdup(&desk->arena, entry->d_name))) {
            (void)closedir(dir); /* only read */
            return rh_err_nomem(err);
        }
    (void)closedir(dir);
    qsort(folder->names, folder->count, sizeof(folder->names[0]), compare_names);
    return 0;
}

static int32_t read_file(const struct folder *folder, const char *name, struct rh_str *out,
                         struct rh_err *err)
{
    rh_auto_str(path, 8192);
    char block[4096];
    size_t count;
    FILE *file;
    bool failed;

    rh_str_printf(&path, "%s/%s", folder->path, name);
    file = path.failed ? NULL : fopen(path.data, "rbe");
    if (!file)
        return rh_err_set(err, RH_EFAILED, "Mailvorlage '%s': %s", "mail template '%s': %s", name,
                          strerror(errno));
    while ((count = fread(block, 1, sizeof(block), file)) > 0)
        rh_str_add_n(out, block, count);
    failed = ferror(file);
    (void)fclose(file); /* only read */
    if (failed || rh_str_check(out, NULL) < 0 || !rh_text_valid(out->data, out->length))
        return rh_err_set(err, RH_EINVALID,
                          "Mailvorlage '%s': nicht lesbar, zu groß oder nicht in UTF-8",
                          "mail template '%s': unreadable, too large or not in UTF-8", name);
    return 0;
}

/* No pictures, scripts or foreign addresses that load: nothing that would tell when a mail is
 * read, and nothing that is lost when only text is shown. */
static int32_t check_html(const char *name, const char *html, struct rh_err *err)
{
    static const char *const never[] = {"<img",   "<script", "<iframe", "<link",  "<object",
                                        "<embed", "<video",  "<audio",  "<form",  "<style",
                                        "url(",   "@import", "<base",   "<input", "http-equiv"};
    const char *html_tag = strcasestr(html, "<html");

    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        const char *found = strcasestr(html, never[i]);
        size_t line = 1;

        if (!found)
            continue;
        for (const char *c = html; c < found; c++)
            line += *c == '\n';
        return rh_err_set(
            err, RH_EINVALID, "Vorlage '%s', Zeile %zu: '%s' gehört nicht in eine Mail",
            "template '%s', line %zu: '%s' does not belong into a mail", name, line, never[i]);
    }
    if (html_tag && !strstr(html_tag, "lang=\"{{@lang}}\""))
        return rh_err_set(err, RH_EINVALID,
                          "Vorlage '%s': <html> braucht lang=\"{{@lang}}\", damit Vorleseprogramme "
                          "richtig lesen",
                          "template '%s': <html> needs lang=\"{{@lang}}\", so that screen readers "
                          "read it right",
                          name);
    return 0;
}

struct sources {
    struct rh_template_source list[FILES_MAX];
    struct rh_str texts[FILES_MAX];
    size_t count;
};

static int32_t add_source(struct sources *sources, const struct folder *folder, const char *name,
                          struct rh_err *err)
{
    bool html = has_ending(name, ".html");
    struct rh_str *text = &sources->texts[sources->count];
    int32_t rc;

    rh_str_init(text, RH_TEMPLATE_SOURCE_MAX);
    sources->count++; /* from here on it is released */
    rc = read_file(folder, name, text, err);
    if (rc == 0 && html)
        rc = check_html(name, text->data, err);
    if (rc == 0 && !html && name[0] != '_' && strncmp(text->data, "Subject: ", 9) != 0)
        rc = rh_err_set(
            err, RH_EINVALID,
            "Vorlage '%s', Zeile 1: hier steht der Betreff, mit 'Subject: ' davor",
            "template '%s', line 1: the subject belongs here, with 'Subject: ' in front", name);
    sources->list[sources->count - 1] = (struct rh_template_source){
        name, text->data, text->length, html ? RH_TEMPLATE_HTML : RH_TEMPLATE_TEXT};
    return rc;
}

static int32_t add_sample(struct rh_mail_desk *desk, const struct folder *folder, const char *name,
                          struct rh_err *err)
{
    rh_auto_str(text, SAMPLE_MAX);
    struct sample *sample = &desk->samples[desk->sample_count];
    int32_t rc = read_file(folder, name, &text, err);

    if (rc < 0)
        return rc;
    sample->name = rh_arena_strndup(&desk->arena, name, strlen(name) - strlen(".json"));
    sample->text = rh_arena_strndup(&desk->arena, text.data, text.length);
    sample->length = text.length;
    if (!sample->name || !sample->text)
        return rh_err_nomem(err);
    desk->sample_count++;
    return 0;
}

static const struct sample *find_sample(const struct rh_mail_desk *desk, const char *name)
{
    for (size_t i = 0; i < desk->sample_count; i++)
        if (strcmp(desk->samples[i].name, name) == 0)
            return &desk->samples[i];
    return NULL;
}

static int32_t render(const struct rh_template *template, const json_t *fields, int32_t lang,
                      bool strict, struct rh_str *out, struct rh_err *err)
{
    return rh_template_render(template, fields, lang == 0 ? RH_DE : RH_EN, strict, out, err);
}

/* "Subject: …", an empty line, the text. */
static int32_t split_text(const char *rendered, struct rh_mail_words *words, struct rh_err *err)
{
    const char *subject = rendered + strlen("Subject: "), *end = strchr(subject, '\n');

    if (strncmp(rendered, "Subject: ", 9) != 0 || !end || (end[1] != '\n' && end[1] != '\0'))
        return rh_err_set(err, RH_EINVALID,
                          "der Betreff hat mehr als eine Zeile, oder danach fehlt die Leerzeile",
                          "the subject has more than one line, or the empty line behind it is "
                          "missing");
    rh_str_add_n(&words->subject, subject, (size_t)(end - subject));
    for (end++; *end == '\n'; end++)
        ;
    rh_str_add(&words->text, end);
    return 0;
}

static int32_t words_of_template(const struct rh_mail_desk *desk, const char *name,
                                 const json_t *fields, int32_t lang, bool strict,
                                 struct rh_mail_words *words, struct rh_err *err)
{
    const struct rh_template *text, *html;
    char file[120];
    rh_auto_str(rendered, RH_MAIL_TEXT_MAX * 4);
    int32_t rc;

    (void)snprintf(file, sizeof(file), "%.100s.txt", name);
    text = desk && desk->templates ? rh_template_find(desk->templates, file) : NULL;
    if (!text || name[0] == '_')
        return rh_err_set(err, RH_ENOTFOUND,
                          "die Mailvorlage '%s' gibt es nicht; 'mail template list' zeigt sie",
                          "there is no mail template '%s'; 'mail template list' shows them", name);
    rc = render(text, fields, lang, strict, &rendered, err);
    if (rc == 0)
        rc = split_text(rendered.data, words, err);
    if (rc < 0)
        return rh_err_wrap(err, "Mail '%s'", "mail '%s'", name);
    (void)snprintf(file, sizeof(file), "%.100s.html", name);
    html = rh_template_find(desk->templates, file);
    return html ? render(html, fields, lang, strict, &words->html, err) : 0;
}

/* Both ways, in both languages: no name unknown, and what comes out can be sent. */
static int32_t check_template(const struct rh_mail_desk *desk, const struct sample *sample,
                              struct rh_err *err)
{
    static const char *const endings[] = {"txt", "html"};
    rh_auto_json(fields);
    int32_t rc = rh_json_parse(sample->text, sample->length, SAMPLE_MAX, &fields, err);

    if (rc < 0)
        return rh_err_wrap(err, "Mailvorlage '%s.json'", "mail template '%s.json'", sample->name);
    for (size_t i = 0; i < 2; i++) {
        const struct rh_template *template;
        char file[120];

        (void)snprintf(file, sizeof(file), "%.100s.%s", sample->name, endings[i]);
        template = rh_template_find(desk->templates, file);
        if (template && (rc = rh_template_check(template, fields, err)) < 0)
            return rc;
    }
    for (int32_t lang = 0; lang < 2 && rc == 0; lang++) {
        struct rh_mail_words words;

        rh_mail_words_init(&words);
        rc = words_of_template(desk, sample->name, fields, lang, false, &words, err);
        rh_mail_words_fini(&words);
    }
    return rc;
}

static int32_t check_all(const struct rh_mail_desk *desk, const struct folder *folder,
                         struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; i < folder->count && rc == 0; i++) {
        const char *name = folder->names[i];
        char bare[256];

        if (name[0] == '_' || !has_ending(name, ".txt"))
            continue;
        (void)snprintf(bare, sizeof(bare), "%.*s", (int)(strlen(name) - 4), name);
        if (!find_sample(desk, bare))
            return rh_err_set(err, RH_EINVALID,
                              "Vorlage '%s': daneben fehlt '%s.json' mit Beispielen für ihre "
                              "Felder",
                              "template '%s': '%s.json' with samples of its fields is missing "
                              "beside it",
                              name, bare);
    }
    for (size_t i = 0; i < desk->sample_count && rc == 0; i++)
        rc = check_template(desk, &desk->samples[i], err);
    return rc;
}

static int32_t read_templates(struct rh_mail_desk *desk, const char *path, struct rh_err *err)
{
    struct folder folder = {.path = path};
    struct sources *sources = rh_alloc(1, sizeof(*sources));
    int32_t rc = sources ? list_folder(desk, &folder, err) : rh_err_nomem(err);

    for (size_t i = 0; i < folder.count && rc == 0; i++)
        rc = has_ending(folder.names[i], ".json")
                 ? add_sample(desk, &folder, folder.names[i], err)
                 : add_source(sources, &folder, folder.names[i], err);
    if (rc == 0)
        rc = rh_templates_new(sources->list, sources->count, NULL, &desk->templates, err);
    if (rc == 0)
        rc = check_all(desk, &folder, err);
    for (size_t i = 0; sources && i < sources->count; i++)
        rh_str_fini(&sources->texts[i]);
    rh_free(sources);
    return rc;
}

/* ---- the desk ---- */

static int32_t keep_address(struct rh_mail_desk *desk, const char *key, const char *address,
                            const char **ret_address, struct rh_err *err)
{
    int32_t rc = rh_mail_address_check(address, err);

    if (rc < 0)
        return rh_err_wrap(err, "Schlüssel '%s'", "key '%s'", key);
    *ret_address = rh_arena_strdup(&desk->arena, address);
    return *ret_address ? 0 : rh_err_nomem(err);
}

static int32_t fill(struct rh_mail_desk *desk, const struct rh_mail_desk_options *options,
                    struct rh_err *err)
{
    char sender[256];
    int32_t rc = keep_address(desk, "from", options->from, &desk->from, err);

    if (rc == 0)
        rc = keep_address(desk, "bounce", options->bounce, &desk->bounce, err);
    if (rc == 0 && options->reply_to)
        rc = keep_address(desk, "reply_to", options->reply_to, &desk->reply_to, err);
    if (rc == 0 && options->from_name && *options->from_name) {
        rc = rh_mail_name_check(options->from_name, err);
        desk->from_name = rh_arena_strdup(&desk->arena, options->from_name);
        if (rc < 0)
            return rh_err_wrap(err, "Schlüssel 'from_name'", "key 'from_name'");
    }
    if (rc < 0)
        return rc;
    rh_mail_desk_bounce(desk, "00000000000000000000000000000000", sender);
    if (!rh_mail_address_ok(sender, strlen(sender)))
        return rh_err_set(err, RH_EINVALID,
                          "Schlüssel 'bounce': vor dem '@' dürfen höchstens 31 Zeichen stehen, "
                          "weil '+' und eine Kennung von 32 Zeichen dazukommen",
                          "key 'bounce': at most 31 characters may stand before the '@', because "
                          "'+' and a token of 32 characters are added");
    return options->folder && *options->folder ? read_templates(desk, options->folder, err) : 0;
}

int32_t rh_mail_desk_new(const struct rh_mail_desk_options *options, struct rh_mail_desk **ret_desk,
                         struct rh_err *err)
{
    struct rh_mail_desk *desk = rh_alloc(1, sizeof(*desk));
    int32_t rc;

    if (!desk)
        return rh_err_nomem(err);
    rh_arena_init(&desk->arena, (size_t)32 * 1024 * 1024);
    rc = fill(desk, options, err);
    if (rc < 0) {
        rh_mail_desk_free(desk);
        return rc;
    }
    *ret_desk = desk;
    return 0;
}

struct rh_mail_desk *rh_mail_desk_free(struct rh_mail_desk *desk)
{
    if (!desk)
        return NULL;
    rh_templates_free(desk->templates);
    rh_arena_fini(&desk->arena);
    return rh_free(desk);
}

const char *rh_mail_desk_from(const struct rh_mail_desk *desk)
{
    return desk->from;
}

const char *rh_mail_desk_from_name(const struct rh_mail_desk *desk)
{
    return desk->from_name;
}

const char *rh_mail_desk_reply_to(const struct rh_mail_desk *desk)
{
    return desk->reply_to;
}

void rh_mail_desk_bounce(const struct rh_mail_desk *desk, const char *token, char sender[256])
{
    const char *domain = rh_mail_address_domain(desk->bounce);
    int length = snprintf(sender, 256, "%.*s+%s@%s", (int)(domain - desk->bounce - 1), desk->bounce,
                          token, domain);

    if (length < 0 || length > RH_MAIL_ADDRESS_MAX)
        sender[0] = '\0';
}

const char *rh_mail_desk_template(const struct rh_mail_desk *desk, size_t index)
{
    return index < desk->sample_count ? desk->samples[index].name : NULL;
}

const char *rh_mail_desk_sample(const struct rh_mail_desk *desk, const char *name)
{
    const struct sample *sample = find_sample(desk, name);

    return sample ? sample->text : NULL;
}

/* ---- words ---- */

void rh_mail_words_init(struct rh_mail_words *words)
{
    rh_str_init(&words->subject, 4096);
    rh_str_init(&words->text, RH_MAIL_TEXT_MAX * 4);
    rh_str_init(&words->html, RH_MAIL_TEXT_MAX * 4);
}

void rh_mail_words_fini(struct rh_mail_words *words)
{
    rh_str_fini(&words->subject);
    rh_str_fini(&words->text);
    rh_str_fini(&words->html);
}

int32_t rh_mail_words_of(const struct rh_mail_desk *desk, const struct rh_mail *mail,
                         struct rh_mail_words *words, struct rh_err *err)
{
    const char *fields_text = mail->fields ? mail->fields : "{}";
    rh_auto_json(fields);
    int32_t rc = 0;

    if (mail->template_name) {
        rc = rh_json_parse(fields_text, strlen(fields_text), RH_MAIL_TEXT_MAX * 4, &fields, err);
        if (rc < 0)
            return rh_err_wrap(err, "Felder der Mail", "fields of the mail");
        rc = words_of_template(desk, mail->template_name, fields, mail->lang, true, words, err);
    } else {
        rh_str_add(&words->subject, mail->subject ? mail->subject : "");
        rh_str_add(&words->text, mail->text ? mail->text : "");
        rh_str_add(&words->html, mail->html ? mail->html : "");
    }
    if (rc == 0)
        rc = rh_str_check(&words->subject, err);
    if (rc == 0)
        rc = rh_str_check(&words->text, err);
    return rc < 0 ? rc : rh_str_check(&words->html, err);
}
