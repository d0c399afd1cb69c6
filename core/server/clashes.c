#include "core/server/clashes.h"

#include "core/base/alloc.h"
#include "core/base/json.h"

#include <stdatomic.h>
#include <string.h>

#define ANSWER_MAX ((size_t)64 * 1024 * 1024)

static bool tells_clashes(const struct rh_operation_entry *entry)
{
    static const char verb[] = " clashes";
    size_t length = strlen(entry->op.name);

    return entry->op.kind == RH_READ && length > sizeof(verb) &&
           strcmp(entry->op.name + length + 1 - sizeof(verb), verb) == 0;
}

static int32_t put_item(struct rh_call *call, const json_t *item, struct rh_clashes *sum)
{
    char *text = json_dumps(item, JSON_COMPACT);
    const char *kind = json_string_value(json_object_get(item, "kind"));
    const char *subject = json_string_value(json_object_get(item, "subject"));
    int64_t running = json_integer_value(json_object_get(item, "running"));

    if (!text)
        return rh_err_nomem(rh_call_err(call));
    call->host->out_json(call, NULL, text);
    rh_free(text);
    if (kind && strcmp(kind, "clash") == 0)
        sum->clashes++;
    else if (subject && strcmp(subject, "procedures") == 0 && running > sum->most_running)
        sum->most_running = running;
    return 0;
}

static int32_t put_answer(struct rh_call *call, const struct rh_answer *answer,
                          struct rh_clashes *sum)
{
    json_t *object = NULL, *item;
    size_t index;
    int32_t rc;

    if (answer->code < 0) {
        *rh_call_err(call) = answer->err;
        return answer->code;
    }
    if ((rc = rh_json_parse(answer->json, answer->json_length, ANSWER_MAX, &object,
                            rh_call_err(call))) < 0)
        return rc;
    json_array_foreach(json_object_get(object, "items"), index, item)
    {
        if ((rc = put_item(call, item, sum)) < 0)
            break;
    }
    json_decref(object);
    return rc;
}

static int32_t ask_one(struct rh_call *call, struct rh_house *house,
                       const struct rh_operation_entry *entry, const struct rh_argument period[2],
                       struct rh_clashes *sum)
{
    struct rh_invoke_options options = {.lang = call->lang == 0 ? RH_DE : RH_EN,
                                        .actor = call->host->actor(call),
                                        .as_of = RH_NO_DAY};
    const struct rh_answer *answer;
    struct rh_invocation *invocation = rh_invoke_wait(house, entry, period, 2, &options, &answer);
    int32_t rc;

    if (!invocation)
        return rh_err_nomem(rh_call_err(call));
    rc = put_answer(call, answer, sum);
    rh_invocation_free(invocation);
    return rc;
}

int32_t rh_clashes_put(struct rh_call *call, struct rh_house *house, int32_t from, int32_t until,
                       struct rh_clashes *ret)
{
    const struct rh_argument period[2] = {
        {.name = "from", .value = call->host->day_text(call, from)},
        {.name = "until", .value = call->host->day_text(call, until)}};
    size_t count = rh_registry_count(house->registry);
    int32_t rc = 0;

    *ret = (struct rh_clashes){0};
    for (size_t i = 0; i < count && rc == 0; i++) {
        const struct rh_operation_entry *entry = rh_registry_at(house->registry, i);

        if (!tells_clashes(entry))
            continue;
        if (atomic_load(&entry->module->absent))
            call->host->say(call, "das Modul '%s' fehlt, seine Zusammenstöße auch",
                            "the module '%s' is absent, and so are its clashes",
                            entry->module->plugin->name);
        else
            rc = ask_one(call, house, entry, period, ret);
    }
    return rc;
}
