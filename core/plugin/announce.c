/* announce.c - a suspension is an event like others: in the log of events, and for the hooks of
 * those who watch. */
#include "core/plugin/internal.h"

#include "core/base/alloc.h"
#include "core/base/json_out.h"
#include "core/operation/call.h"

struct announcement {
    const char *plugin; /* borrowed from the entry */
    uint32_t news;
    struct rh_err last;
};

static int32_t tell_suspended(struct rh_call *call, const struct announcement *a)
{
    rh_auto_str(text, (size_t)8 * 1024);
    struct rh_json_out json;
    int32_t rc;

    rh_json_out_init(&json, &text);
    rh_json_object_begin(&json);
    rh_json_put_text(&json, "reason", a->last.text[RH_DE]);
    rh_json_put_text(&json, "reason_en", a->last.text[RH_EN]);
    rh_json_object_end(&json);
    rc = rh_json_finish(&json, rh_call_err(call));
    if (rc < 0)
        return rc;
    return (int32_t)(rh_event(call, "plugin.suspended", a->plugin, NULL, text.data) < 0
                         ? rh_call_err(call)->code
                         : 0);
}

/* Both may be due when it came back before anybody looked. */
static int32_t tell(struct rh_call *call, void *context)
{
    const struct announcement *a = context;
    int32_t rc = 0;

    if (a->news & RH_GUARD_NEWS_SUSPENDED)
        rc = tell_suspended(call, a);
    if (rc == 0 && (a->news & RH_GUARD_NEWS_RESUMED) &&
        rh_event(call, "plugin.resumed", a->plugin, NULL, NULL) < 0)
        rc = rh_call_err(call)->code;
    return rc;
}

/* When it could not be written down the list of plugins still shows it; there is nobody else to
 * tell. */
static void told(void *context, const struct rh_err *err)
{
    (void)err;
    rh_free(context);
}

void rh_plugin_announce(struct rh_plugin_entry *entry, uint32_t news, const struct rh_err *last)
{
    struct announcement *a = rh_alloc(1, sizeof(*a));

    if (!a)
        return;
    a->plugin = entry->name;
    a->news = news;
    a->last = *last;
    rh_call_run_start(entry->plugins->house, &entry->plugins->self, "plugin", RH_TASK_WRITE, tell,
                      told, a);
}
