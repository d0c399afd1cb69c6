/*
 * main.c - reihum: one command, one answer, one exit status.
 *
 *   words -> command (command.c) -> described? say it (local.c)
 *                                -> a server owns the file? ask it (client.c)
 *                                -> else take the file and do it here (house.h, invoke.h)
 *         -> text, CSV or JSON (render.h) -> exit status of the error table
 */
#include "core/calendar/date.h"
#include "core/cli/client.h"
#include "core/cli/command.h"
#include "core/cli/files.h"
#include "core/cli/local.h"
#include "core/operation/describe.h"
#include "core/operation/render.h"
#include "core/server/house.h"
#include "core/server/server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ANSWER_MAX ((size_t)64 * 1024 * 1024)

struct session {
    struct rh_home *home;
    struct rh_command command;
    enum rh_lang lang;
    bool bar;           /* a progress line stands on the terminal */
    int32_t as_of;      /* day or RH_NO_DAY */
    int64_t started_ms; /* when the answer began to be waited for */
};

/* ---- what people see ---- */

/* A wrong call is answered with the right one. */
static int say_error(const struct session *session, const struct rh_err *err)
{
    rh_auto_str(usage, 16384);

    fprintf(stderr, "%s: %s\n", session->lang == RH_DE ? "Fehler" : "error",
            err->text[session->lang]);
    if (err->code == RH_EUSAGE && session->command.op) {
        rh_describe_usage(session->command.op, session->lang, &usage);
        fputs(usage.data, stderr);
    }
    return rh_err_exit_status(err->code);
}

static int write_out(const struct session *session, const struct rh_str *text)
{
    struct rh_err err = {0};

    if (rh_str_check(text, &err) < 0)
        return say_error(session, &err);
    if (session->command.output)
        return rh_file_write(session->command.output, text->data, text->length, &err) < 0
                   ? say_error(session, &err)
                   : 0;
    if (fwrite(text->data, 1, text->length, stdout) != text->length || fflush(stdout) != 0) {
        rh_err_set(&err, RH_EFAILED, "die Ausgabe lässt sich nicht schreiben",
                   "cannot write the output");
        return say_error(session, &err);
    }
    return 0;
}

static void show_progress(void *context, int64_t done, int64_t total, const char *what)
{
    struct session *session = context;

    /* What is done within a second needs no news. */
    if (!isatty(STDERR_FILENO) || session->command.quiet ||
        rh_machine_clock.monotonic_ms(NULL) - session->started_ms < 1000)
        return;
    session->bar = true;
    if (total > 0)
        fprintf(stderr, "\r\033[K%3d %% %s", (int)(done * 100 / total), what ? what : "");
    else
        fprintf(stderr, "\r\033[K%s", what ? what : "");
}

static void clear_progress(struct session *session)
{
    if (session->bar)
        fputs("\r\033[K", stderr);
    session->bar = false;
}

static int terminal_width(void)
{
    struct winsize size;

    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

/* Its files into the folder that --output names; then nothing is left to print. */
static int write_files(struct session *session, const char *json, size_t length)
{
    struct rh_err err = {0};
    json_t *answer = NULL;
    int32_t rc = rh_json_parse(json, length, ANSWER_MAX, &answer, &err);

    if (rc == 0)
        rc = rh_files_write(session->command.output, answer, &err);
    json_decref(answer);
    return rc < 0 ? say_error(session, &err) : 0;
}

/* Its "content" as it is: a calendar, say. */
static int write_content(struct session *session, const char *json, size_t length)
{
    struct rh_err err = {0};
    json_t *answer = NULL;
    const char *content = NULL;
    rh_auto_str(text, ANSWER_MAX);
    int32_t rc = rh_json_parse(json, length, ANSWER_MAX, &answer, &err);

    if (rc == 0 && !(content = json_string_value(json_object_get(answer, "content"))))
        rc = rh_err_set(&err, RH_ENOTFOUND, "das gibt es nicht mehr", "that is gone");
    if (rc == 0)
        rh_str_add(&text, content);
    json_decref(answer);
    return rc < 0 ? say_error(session, &err) : write_out(session, &text);
}

/* An operation whose purpose is its table prints CSV unless JSON is asked for. */
static int print_answer(struct session *session, const char *json, size_t length)
{
    const struct rh_operation_entry *op = session->command.op;
    enum rh_command_form form = session->command.form;
    struct rh_render_options options = {.lang = session->lang, .width = terminal_width()};
    struct rh_err err = {0};
    rh_auto_str(text, ANSWER_MAX);
    int32_t rc = 0;

    if (form == RH_FORM_TEXT && session->command.output && (op->op.flags & RH_OP_FILES))
        return write_files(session, json, length);
    if (form == RH_FORM_TEXT && (op->op.flags & RH_OP_CONTENT))
        return write_content(session, json, length);
    options.color = options.width > 0 && !getenv("NO_COLOR") && !session->command.output;
    if (session->command.output)
        options.width = 0;
    if (form == RH_FORM_TEXT && (op->op.flags & RH_OP_EXPORT))
        form = RH_FORM_CSV;
    if (session->command.quiet && form == RH_FORM_TEXT)
        return 0;
    if (form == RH_FORM_JSON && (op->op.flags & RH_OP_LINES))
        rc = rh_render_lines(json, length, &text, &err);
    else if (form == RH_FORM_JSON) {
        rh_str_add_n(&text, json, length);
        rh_str_add_char(&text, '\n');
    } else if (form == RH_FORM_TEXT)
        rc = rh_render_text(op, json, length, &options, &text, &err);
    else
        rc = rh_render_csv(op, json, length, form == RH_FORM_EXCEL, &text, &err);
    return rc < 0 ? say_error(session, &err) : write_out(session, &text);
}

static int print_help(struct session *session)
{
    const struct rh_registry *registry = session->home->house.registry;
    rh_auto_str(text, ANSWER_MAX);

    switch (session->command.help) {
    case RH_HELP_OVERVIEW:
        rh_describe_overview(registry, session->lang, &text);
        break;
    case RH_HELP_NOUN:
        rh_describe_noun(registry, session->command.noun, session->lang, &text);
        break;
    case RH_HELP_OPERATION:
        rh_describe_operation(session->command.op, session->lang, &text);
        break;
    case RH_HELP_VERSION:
        rh_str_printf(&text, "reihum %s\n", RH_VERSION);
        break;
    case RH_HELP_NONE:
        break;
    }
    return write_out(session, &text);
}

/* ---- the two ways to an answer ---- */

/* Ctrl-C; a signal knows no session. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* A computation is cancelled in good order: nothing is stored, the file is closed, and the exit
 * status says so. The second Ctrl-C ends the program at once, as everywhere else the first does. */
static void take_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};

    (void)sigaction(SIGINT, &action, NULL); /* cannot fail with this signal */
}

static bool is_interrupted(void *context)
{
    (void)context;
    return interrupted;
}

static int32_t report_here(void *context, int64_t done, int64_t total, const char *what)
{
    show_progress(context, done, total, what);
    return interrupted;
}

/* What looks at files and tables only works without a database, and shall not leave one behind. */
static bool needs_no_database(const struct session *session)
{
    const struct rh_plugin *module = session->command.op->module->plugin;

    return ((session->command.op->op.flags & RH_OP_ASIDE) ||
            (session->command.op->op.kind == RH_READ &&
             (module == &rh_plugin_module || module == &rh_config_module))) &&
           access(session->home->db_path, F_OK) != 0;
}

static int32_t open_home(struct session *session, struct rh_err *err)
{
    if (needs_no_database(session))
        return rh_home_open_aside(session->home, err);
    return rh_home_open(session->home, NULL, NULL, err);
}

static int run_here(struct session *session)
{
    char actor[64];
    struct rh_invoke_options options = {.lang = session->lang,
                                        .actor = actor,
                                        .as_of = session->as_of,
                                        .progress = report_here,
                                        .progress_context = session};
    const struct rh_answer *answer;
    struct rh_invocation *invocation;
    struct rh_err err = {0};
    int status;

    snprintf(actor, sizeof(actor), "cli:uid=%u", (unsigned)getuid());
    if (open_home(session, &err) < 0)
        return say_error(session, &err);
    invocation =
        rh_invoke_wait(&session->home->house, session->command.op, session->command.arguments,
                       session->command.count, &options, &answer);
    clear_progress(session);
    if (!invocation) {
        rh_err_nomem(&err);
        return say_error(session, &err);
    }
    status = answer->code < 0 ? say_error(session, &answer->err) : 0;
    /* Partly done: the answer says what was not. */
    if ((answer->code >= 0 || answer->code == RH_EPARTIAL) && answer->json) {
        int printed = print_answer(session, answer->json, answer->json_length);

        status = printed ? printed : status;
    }
    rh_invocation_free(invocation);
    return status;
}

static int ask_server(struct session *session)
{
    struct rh_client_options options = {.socket_path = session->home->socket_path,
                                        .lang = session->lang,
                                        .as_of = session->command.as_of,
                                        .progress = show_progress,
                                        .stopped = is_interrupted,
                                        .context = session};
    struct rh_err err = {0};
    rh_auto_str(json, ANSWER_MAX);
    int32_t rc = rh_client_call(&options, session->command.op, session->command.arguments,
                                session->command.count, &json, &err);

    clear_progress(session);
    return rc < 0 ? say_error(session, &err) : print_answer(session, json.data, json.length);
}

static int serve(struct session *session)
{
    const char *listen = NULL;
    struct rh_err err = {0};

    for (size_t i = 0; i < session->command.count; i++)
        if (strcmp(session->command.arguments[i].name, "listen") == 0)
            listen = session->command.arguments[i].value;
    return rh_server_run(session->home, listen, session->lang, &err) < 0 ? say_error(session, &err)
                                                                         : 0;
}

/* Before anything is opened or asked: a server would get it as a part of an address. */
static int32_t read_as_of(struct session *session, struct rh_err *err)
{
    session->as_of = RH_NO_DAY;
    if (!session->command.as_of || rh_day_read(session->command.as_of, &session->as_of, err) == 0)
        return 0;
    err->code = RH_EUSAGE;
    (void)rh_err_wrap(err, "--as-of", "--as-of"); /* the code is the one above */
    return RH_EUSAGE;
}

static int run_command(struct session *session)
{
    const char *name = session->command.op->op.name;
    struct rh_err err = {0};
    rh_auto_str(text, ANSWER_MAX);
    int32_t owner, owned;
    int status;

    if (rh_local_describe(session->home->house.registry, &session->command, session->lang, &text))
        return write_out(session, &text);
    if (strcmp(name, "serve") == 0)
        return serve(session);
    if (read_as_of(session, &err) < 0 || rh_files_read(&session->command, &err) < 0 ||
        (owned = rh_store_owner(session->home->db_path, &owner, &err)) < 0) {
        rh_files_free(&session->command);
        return say_error(session, &err);
    }
    session->started_ms = rh_machine_clock.monotonic_ms(NULL);
    if (session->command.op->op.kind == RH_COMPUTE)
        take_interrupts();
    status = owned ? ask_server(session) : run_here(session);
    rh_files_free(&session->command);
    return status;
}

int main(int argc, char **argv)
{
    static const struct rh_plugin *const modules[] = {&rh_server_module, &rh_cli_module, NULL};
    struct session session = {0};
    struct rh_err err = {0};
    int status;

    rh_command_peek(argc - 1, argv + 1, &session.command);
    session.lang = rh_home_language(NULL);
    if (session.command.lang)
        session.lang = strcmp(session.command.lang, "en") == 0 ? RH_EN : RH_DE;
    if (rh_home_describe(&(struct rh_home_options){.config = session.command.config,
                                                   .db = session.command.db,
                                                   .modules = modules},
                         &session.home, &err) < 0)
        return say_error(&session, &err);
    if (!session.command.lang)
        session.lang = rh_home_language(session.home);
    if (rh_command_parse(session.home->house.registry, argc - 1, argv + 1, &session.command, &err) <
        0)
        status = say_error(&session, &err);
    else if (session.command.help != RH_HELP_NONE)
        status = print_help(&session);
    else
        status = run_command(&session);
    rh_home_close(session.home);
    return status;
}
