/* Mail of a call: what a module hands over becomes rows, in the transaction of the call. */
#include "core/operation/run.h"

#include "core/mail/queue.h"

#include <string.h>

/* As much of it as the module's interface had; what came later counts as zero. */
static struct rh_mail padded(const struct rh_mail *mail)
{
    struct rh_mail ours = {.size = 0};

    memcpy(&ours, mail, mail->size < sizeof(ours) ? mail->size : sizeof(ours));
    return ours;
}

static int32_t need_writer(struct rh_run *run)
{
    if (run->err->code < 0) /* or the mail would be blamed for it */
        return run->err->code;
    return rh_db_is_writer(run->db) ? 0
                                    : rh_err_set(run->err, RH_EFAILED, "Mail: '%s' liest nur",
                                                 "mail: '%s' only reads", run->what);
}

int32_t rh_host_mail_queue(struct rh_call *call, const struct rh_mail *mail)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_run *run = frame->run;
    const struct rh_clock *clock = run->house->clock;
    struct rh_mail ours = padded(mail);
    int32_t rc = need_writer(run);

    return rc < 0 ? rc
                  : rh_mail_queue(run->db, run->house->mail, frame->module->plugin->name, &ours,
                                  clock->now_utc(clock->context), run->err);
}

int64_t rh_host_mail_drop(struct rh_call *call, const char *key, const char *de, const char *en)
{
    struct rh_run *run = rh_run_of(call);
    const struct rh_clock *clock = run->house->clock;
    int32_t rc = need_writer(run);

    return rc < 0
               ? rc
               : rh_mail_drop_key(run->db, key, de, en, clock->now_utc(clock->context), run->err);
}

/* The arena's copy of a text; "" becomes NULL when `or_null`. */
static int32_t give(struct rh_run *run, const struct rh_str *text, bool or_null, const char **ret)
{
    if (!ret)
        return 0;
    *ret = NULL;
    if (or_null && text->length == 0)
        return 0;
    *ret = rh_arena_strndup(run->arena, text->data, text->length);
    return *ret ? 0 : rh_err_nomem(run->err);
}

int32_t rh_host_mail_render(struct rh_call *call, const struct rh_mail *mail,
                            const char **ret_subject, const char **ret_text, const char **ret_html)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_mail ours = padded(mail);
    struct rh_mail_words words;
    int32_t rc;

    rh_mail_words_init(&words);
    rc = rh_mail_words_of(run->house->mail, &ours, &words, run->err);
    if (rc == 0)
        rc = give(run, &words.subject, false, ret_subject);
    if (rc == 0)
        rc = give(run, &words.text, false, ret_text);
    if (rc == 0)
        rc = give(run, &words.html, true, ret_html);
    rh_mail_words_fini(&words);
    return rc;
}
