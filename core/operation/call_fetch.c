/* A document from elsewhere: core/net/fetch.h with the house's limits, bound to the call's memory.
 */
#include "core/operation/run.h"

#include "core/net/fetch.h"
#include "core/operation/planning.h"

#include <string.h>

#define SENT_MAX       (INT64_C(2) << 20)
#define SIZE_MAX_BYTES (INT64_C(8) << 20)
#define TIME_MS        20000

static int32_t check_place(const struct rh_run *run)
{
    if (run->err->code < 0)
        return run->err->code;
    if (!run->can_fetch)
        return rh_err_set(run->err, RH_EFAILED,
                          "'%s': abgerufen wird im 'run' von COMPUTE oder im 'prepare' eines "
                          "Auftrags, sonst warten andere",
                          "'%s': fetching is for the 'run' of COMPUTE or the 'prepare' of a job, "
                          "or others wait",
                          run->what);
    if (run->house->practice)
        return rh_err_set(run->err, RH_EFORBIDDEN, "in einer Übung wird nichts abgerufen",
                          "nothing is fetched in a simulation");
    return 0;
}

/* Nobody cancels in between but who waits for the call. */
static int32_t is_cancelled(void *context)
{
    const struct rh_run *run = context;

    return run->progress && run->progress(run->progress_context, 0, 0, "") != 0;
}

static int64_t or_else(int64_t value, int64_t fallback)
{
    return value > 0 ? value : fallback;
}

static int32_t hand_out(struct rh_run *run, const struct rh_fetched *fetched,
                        struct rh_fetch_response *response)
{
    struct rh_fetch_response ours = {
        .status = fetched->status,
        .bytes = rh_arena_strndup(run->arena, fetched->body.data, fetched->body.length),
        .length = fetched->body.length,
        .etag = rh_arena_strdup(run->arena, fetched->etag),
        .modified = rh_arena_strdup(run->arena, fetched->modified),
        .content_type = rh_arena_strdup(run->arena, fetched->type),
    };

    if (!ours.bytes || !ours.etag || !ours.modified || !ours.content_type)
        return rh_err_nomem(run->err);
    RH_GIVE(response, ours);
    return 0;
}

int32_t rh_host_fetch(struct rh_call *call, const struct rh_fetch_request *request,
                      struct rh_fetch_response *response)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_fetch_request ours = {.size = 0};
    struct rh_fetched fetched;
    struct rh_fetch fetch;
    int32_t rc = check_place(run);

    if (rc < 0)
        return rc;
    RH_TAKE(ours, request);
    fetch = (struct rh_fetch){
        .url = ours.url ? ours.url : "",
        .etag = ours.etag,
        .modified = ours.modified,
        .accept = ours.accept,
        .allowed = run->house->fetch_hosts,
        .sent_max = or_else(ours.sent_max, SENT_MAX),
        .size_max = or_else(ours.size_max, SIZE_MAX_BYTES),
        .time_ms = or_else(ours.time_ms, TIME_MS),
        .stop = is_cancelled,
        .context = run,
    };
    rc = rh_fetch(&fetch, &fetched, run->err);
    if (rc == 0)
        rc = hand_out(run, &fetched, response);
    rh_str_fini(&fetched.body);
    return rc;
}
