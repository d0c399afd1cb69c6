#include "core/http/health.h"

#include "core/base/json_out.h"
#include "core/base/number.h"
#include "core/http/problem.h"
#include "core/store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX    ((size_t)256 * 1024)
#define METRIC_TYPE "text/plain; version=0.0.4; charset=utf-8"

bool rh_only_get(struct rh_request *request)
{
    struct rh_err err = {0};

    if (request->method == RH_GET || request->method == RH_HEAD)
        return true;
    rh_reply_header(request, "Allow", "GET, HEAD, OPTIONS");
    if (request->method == RH_OPTIONS) {
        rh_reply_static(request, 204, NULL, NULL, 0);
        return false;
    }
    rh_err_set(&err, RH_EUSAGE, "diese Adresse kann nur gelesen werden",
               "this address can only be read");
    rh_reply_fault_as(request, 405, &err);
    return false;
}

void rh_health(struct rh_request *request)
{
    static const char fine[] = "ok\n";

    if (!rh_only_get(request))
        return;
    rh_reply_header(request, "Cache-Control", "no-store");
    rh_reply_static(request, 200, "text/plain; charset=utf-8", fine, sizeof(fine) - 1);
}

/* ---- ready: the writer writes, and takes it back ---- */

struct probe {
    struct rh_task task;
    struct rh_request *request;
};

static int32_t write_and_forget(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    int64_t changed = rh_db_exec(
        db, NULL, err, "INSERT INTO plugin_cursor (module, seq) VALUES ('?ready', 0)", "");

    task->roll_back = true;
    return changed < 0 ? (int32_t)changed : 0;
}

static void put_plugins(struct rh_json_out *json, const struct rh_registry *registry,
                        enum rh_lang lang)
{
    rh_json_key(json, "plugins");
    rh_json_array_begin(json);
    for (size_t i = 0; i < rh_registry_module_count(registry); i++) {
        const struct rh_module *module = rh_registry_module_at(registry, i);

        if (!module->owner)
            continue;
        rh_json_object_begin(json);
        rh_json_put_text(json, "name", module->plugin->name);
        rh_json_put_text(json, "state", module->absent ? "absent" : "running");
        if (module->absent)
            rh_json_put_text(json, "reason", module->reason[lang]);
        rh_json_object_end(json);
    }
    rh_json_array_end(json);
}

static void reply_ready(struct rh_request *request, const struct rh_err *err)
{
    const struct rh_registry *registry = request->http->options.house->registry;
    struct rh_json_out json;
    struct rh_str text;

    rh_str_init(&text, TEXT_MAX);
    rh_json_out_init(&json, &text);
    rh_json_object_begin(&json);
    rh_json_put_bool(&json, "ready", err->code == 0);
    rh_json_put_text(&json, "database", err->code == 0 ? "writable" : err->text[request->lang]);
    put_plugins(&json, registry, request->lang);
    rh_json_object_end(&json);
    if (rh_json_finish(&json, NULL) < 0)
        text.failed = true;
    rh_reply_header(request, "Cache-Control", "no-store");
    rh_reply_text(request, err->code == 0 ? 200 : 503, "application/json", &text);
}

static void on_probed(struct rh_task *task)
{
    struct probe *probe = (struct probe *)(void *)((char *)task - offsetof(struct probe, task));
    struct rh_request *request = probe->request;

    if (!request->closed)
        reply_ready(request, &task->err);
    rh_request_idle(request);
}

void rh_ready(struct rh_request *request)
{
    struct probe *probe;
    struct rh_err err = {0};

    if (!rh_only_get(request))
        return;
    if (request->http->draining)
        rh_err_set(&err, RH_EBUSY, "der Server hört gerade auf", "the server is stopping");
    probe = err.code ? NULL : rh_arena_alloc(&request->arena, sizeof(*probe));
    if (!probe) {
        rh_err_nomem(&err);
        reply_ready(request, &err);
        return;
    }
    probe->request = request;
    probe->task =
        (struct rh_task){.kind = RH_TASK_WRITE, .work = write_and_forget, .done = on_probed};
    rh_request_busy(request);
    rh_store_submit(request->http->options.house->store, &probe->task);
}

/* ---- metrics ---- */

static const char *const route_names[] = {
#define NAME(name, text) text,
    RH_ROUTES(NAME)
#undef NAME
};

static void head(struct rh_str *out, const char *name, const char *type, const char *help)
{
    rh_str_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_requests(const struct rh_http *http, struct rh_str *out)
{
    head(out, "reihum_http_requests_total", "counter",
         "Requests answered, by kind of route and class of status (0: broken off).");
    for (size_t route = 0; route < RH_ROUTE_COUNT; route++)
        for (int class = 0; class <= 5; class ++)
            if (http->counts[route].by_status[class])
                rh_str_printf(
                    out, "reihum_http_requests_total{route=\"%s\",status=\"%dxx\"} %" PRIu64 "\n",
                    route_names[route], class, http->counts[route].by_status[class]);
}

static void put_durations(const struct rh_http *http, struct rh_str *out)
{
    static const char name[] = "reihum_http_request_seconds";

    head(out, name, "histogram", "Time from the first byte of a request to the last of its reply.");
    for (size_t route = 0; route < RH_ROUTE_COUNT; route++) {
        const struct rh_route_counts *counts = &http->counts[route];
        uint64_t sum = 0;

        for (size_t i = 0; i <= RH_DURATIONS; i++) {
            sum += counts->by_duration[i];
            if (i < RH_DURATIONS)
                rh_str_printf(out, "%s_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n", name,
                              route_names[route], (double)rh_durations_us[i] / 1e6, sum);
        }
        rh_str_printf(out, "%s_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name,
                      route_names[route], sum);
        rh_str_printf(out, "%s_sum{route=\"%s\"} %.6f\n", name, route_names[route],
                      (double)counts->duration_us / 1e6);
        rh_str_printf(out, "%s_count{route=\"%s\"} %" PRIu64 "\n", name, route_names[route], sum);
    }
}

/* Pages of memory that are in use now: the second number of /proc/self/statm; 0 where it cannot be
 * read. */
static int64_t resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    char line[128] = "";
    const char *second;
    int64_t pages = 0;

    if (file && !fgets(line, sizeof(line), file))
        line[0] = '\0';
    if (file)
        fclose(file);
    second = strchr(line, ' ');
    if (second && !rh_int_parse(second + 1, strcspn(second + 1, " "), &pages))
        pages = 0;
    return pages;
}

static void put_store(const struct rh_store *store, struct rh_str *out)
{
    static const char *const kinds[RH_TASK_KINDS] = {"read", "write", "compute"};
    struct rh_store_figures figures;

    rh_store_figures(store, &figures);
    head(out, "reihum_store_commits_total", "counter", "Transactions written to the file.");
    rh_str_printf(out, "reihum_store_commits_total %" PRIu64 "\n", figures.commits);
    head(out, "reihum_store_tasks_total", "counter", "Tasks of the store that were answered.");
    for (size_t i = 0; i < RH_TASK_KINDS; i++)
        rh_str_printf(out, "reihum_store_tasks_total{kind=\"%s\"} %" PRIu64 "\n", kinds[i],
                      figures.tasks[i]);
    head(out, "reihum_store_waiting", "gauge", "Tasks of the store that are not answered yet.");
    for (size_t i = 0; i < RH_TASK_KINDS; i++)
        rh_str_printf(out, "reihum_store_waiting{kind=\"%s\"} %" PRIu64 "\n", kinds[i],
                      figures.waiting[i]);
}

static void put_process(const struct rh_http *http, struct rh_str *out)
{
    const struct rh_store *store = http->options.house->store;

    head(out, "reihum_build_info", "gauge", "Always 1; the labels say what runs.");
    rh_str_printf(out, "reihum_build_info{version=\"%s\"} 1\n", RH_VERSION);
    head(out, "reihum_uptime_seconds", "gauge", "Time since the server began to listen.");
    rh_str_printf(out, "reihum_uptime_seconds %.3f\n",
                  (double)(uv_hrtime() - http->started_ns) / 1e9);
    head(out, "process_resident_memory_bytes", "gauge", "Memory in use.");
    rh_str_printf(out, "process_resident_memory_bytes %" PRId64 "\n",
                  resident_pages() * sysconf(_SC_PAGESIZE));
    head(out, "reihum_http_running", "gauge", "Requests that are not finished, this one included.");
    rh_str_printf(out, "reihum_http_running %zu\n", http->running);
    head(out, "reihum_http_connections_total", "counter", "Connections taken.");
    rh_str_printf(out, "reihum_http_connections_total %" PRIu64 "\n", http->connections);
    head(out, "reihum_http_broken_total", "counter", "Requests that were not HTTP or broke off.");
    rh_str_printf(out, "reihum_http_broken_total %" PRIu64 "\n", http->refused);
    put_store(store, out);
    head(out, "reihum_data_version", "counter", "Committed changes of the data.");
    rh_str_printf(out, "reihum_data_version %" PRIu64 "\n", rh_store_version(store));
}

void rh_metrics(struct rh_request *request)
{
    const struct rh_http *http = request->http;
    struct rh_str text;

    if (!rh_only_get(request))
        return;
    rh_str_init(&text, TEXT_MAX);
    put_process(http, &text);
    put_requests(http, &text);
    put_durations(http, &text);
    if (http->options.metrics)
        http->options.metrics(http->options.context, &text);
    rh_reply_header(request, "Cache-Control", "no-store");
    rh_reply_text(request, 200, METRIC_TYPE, &text);
}
