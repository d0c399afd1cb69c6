#include "core/server/figures.h"

#include <inttypes.h>

static void head(struct rh_str *out, const char *name, const char *type, const char *help)
{
    rh_str_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

typedef uint64_t figure(const struct rh_plugin_status *status);

static uint64_t calls_of(const struct rh_plugin_status *status)
{
    return status->figures.calls;
}

static uint64_t errors_of(const struct rh_plugin_status *status)
{
    return status->figures.errors;
}

static uint64_t slow_of(const struct rh_plugin_status *status)
{
    return status->figures.slow;
}

static uint64_t suspensions_of(const struct rh_plugin_status *status)
{
    return status->figures.suspensions;
}

static void put_figure(struct rh_plugins *plugins, struct rh_str *out, const char *name,
                       const char *help, figure *of)
{
    head(out, name, "counter", help);
    for (size_t i = 0; i < rh_plugins_count(plugins); i++) {
        struct rh_plugin_status status;

        rh_plugins_status(plugins, i, &status);
        rh_str_printf(out, "%s{plugin=\"%s\"} %" PRIu64 "\n", name, status.name, of(&status));
    }
}

static void put_plugins(struct rh_plugins *plugins, struct rh_str *out)
{
    head(out, "reihum_plugin_state", "gauge", "1 for the state that each plugin is in.");
    for (size_t i = 0; i < rh_plugins_count(plugins); i++) {
        struct rh_plugin_status status;

        rh_plugins_status(plugins, i, &status);
        rh_str_printf(out, "reihum_plugin_state{plugin=\"%s\",version=\"%s\",state=\"%s\"} 1\n",
                      status.name, status.version, rh_plugin_state_name(status.state));
    }
    put_figure(plugins, out, "reihum_plugin_calls_total", "Calls into the plugin.", calls_of);
    put_figure(plugins, out, "reihum_plugin_errors_total", "Calls in which the plugin failed.",
               errors_of);
    put_figure(plugins, out, "reihum_plugin_slow_total", "Calls that took longer than 20 ms.",
               slow_of);
    put_figure(plugins, out, "reihum_plugin_suspensions_total", "How often it was suspended.",
               suspensions_of);
    head(out, "reihum_plugin_seconds_total", "counter", "Time spent in the plugin.");
    for (size_t i = 0; i < rh_plugins_count(plugins); i++) {
        struct rh_plugin_status status;

        rh_plugins_status(plugins, i, &status);
        rh_str_printf(out, "reihum_plugin_seconds_total{plugin=\"%s\"} %.6f\n", status.name,
                      (double)status.figures.total_us / 1e6);
    }
}

static void put_mail(const struct rh_sender *sender, struct rh_str *out)
{
    struct rh_sender_figures figures = rh_sender_figures(sender);

    head(out, "reihum_mails_total", "counter", "Attempts to send a mail, by how they ended.");
    rh_str_printf(out, "reihum_mails_total{result=\"sent\"} %" PRIu64 "\n", figures.sent);
    rh_str_printf(out, "reihum_mails_total{result=\"later\"} %" PRIu64 "\n", figures.later);
    rh_str_printf(out, "reihum_mails_total{result=\"refused\"} %" PRIu64 "\n", figures.refused);
    rh_str_printf(out, "reihum_mails_total{result=\"unsure\"} %" PRIu64 "\n", figures.unsure);
    head(out, "reihum_mail_server_away", "gauge", "1 when the mail server was not reached lately.");
    rh_str_printf(out, "reihum_mail_server_away %d\n", figures.server_away);
}

static void put_jobs(const struct rh_jobs *jobs, struct rh_str *out)
{
    struct rh_jobs_figures figures = rh_jobs_figures(jobs);

    head(out, "reihum_jobs_total", "counter", "Attempts to do a job, by how they ended.");
    rh_str_printf(out, "reihum_jobs_total{result=\"done\"} %" PRIu64 "\n", figures.done);
    rh_str_printf(out, "reihum_jobs_total{result=\"failed\"} %" PRIu64 "\n", figures.failed);
    head(out, "reihum_jobs_dead_total", "counter", "Jobs that failed for the last time.");
    rh_str_printf(out, "reihum_jobs_dead_total %" PRIu64 "\n", figures.dead);
}

void rh_figures_write(struct rh_plugins *plugins, const struct rh_jobs *jobs,
                      const struct rh_sender *sender, struct rh_str *out)
{
    put_plugins(plugins, out);
    if (jobs)
        put_jobs(jobs, out);
    if (sender)
        put_mail(sender, out);
}
