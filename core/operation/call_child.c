/* A plugin's helper program: found beside the plugin, fed, heard out, and judged by its end. */
#include "core/operation/run.h"

#include "core/base/text.h"
#include "core/child/child.h"
#include "core/operation/planning.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIME_MS    5000
#define GRACE_MS   200
#define MEMORY_MAX (INT64_C(256) << 20)
#define OUTPUT_MAX (INT64_C(8) << 20)

#define COMPLAINT_MAX 200 /* bytes */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0 /* with one, the address space is 20 TB from the start */
#endif

/* --- which program --- */

/* "appointments-reader": the plugin's name, '-', and a word. */
static bool is_helper_of(const struct rh_module *module, const char *program)
{
    const char *name = module->plugin->name;
    size_t length = strlen(name);

    return program && strncmp(program, name, length) == 0 && program[length] == '-' &&
           program[length + 1] != '\0' &&
           program[length + 1 + strspn(program + length + 1, "abcdefghijklmnopqrstuvwxyz-")] ==
               '\0';
}

/* What others can replace is their program, as with the plugin itself. */
static int32_t check_file(const char *path, struct rh_err *err)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return rh_err_set(err, RH_ENOTFOUND,
                          "das Hilfsprogramm '%s' fehlt; Abhilfe: reihum vollständig einrichten",
                          "the helper program '%s' is missing; remedy: install reihum completely",
                          path);
    if (!S_ISREG(st.st_mode) || (st.st_uid != 0 && st.st_uid != geteuid()) ||
        (st.st_mode & (S_IWGRP | S_IWOTH)))
        return rh_err_set(err, RH_EFORBIDDEN,
                          "das Hilfsprogramm '%s' können andere ersetzen; Abhilfe: es muss eine "
                          "Datei sein, root gehören, und nur er darf sie ändern",
                          "others can replace the helper program '%s'; remedy: it has to be a "
                          "file, belong to root, and be writable by nobody else",
                          path);
    return 0;
}

static int32_t find_program(const struct rh_frame *frame, const char *program, char path[PATH_MAX])
{
    const struct rh_module *module = frame->module;

    if (!is_helper_of(module, program) || !module->folder ||
        snprintf(path, PATH_MAX, "%s/%s", module->folder, program) >= PATH_MAX)
        return rh_err_set(frame->run->err, RH_ENOTFOUND,
                          "Modul '%s' hat kein Hilfsprogramm '%.64s'",
                          "module '%s' has no helper program '%.64s'", module->plugin->name,
                          program ? program : "(NULL)");
    return check_file(path, frame->run->err);
}

/* --- hearing it out --- */

struct hearing {
    struct rh_run *run;
    struct rh_str *said;
    bool cancelled;
};

static int32_t on_output(void *context, const uint8_t *bytes, size_t length)
{
    struct hearing *hearing = context;
    struct rh_run *run = hearing->run;

    rh_str_add_n(hearing->said, (const char *)bytes, length);
    hearing->cancelled = run->progress && run->progress(run->progress_context, 0, 0, "") != 0;
    return hearing->cancelled;
}

/* The end of what it complained of, which tells the reason, as far as it is text. */
static const char *complaint(struct rh_child_result *result)
{
    char *text = result->errors;
    size_t length = strlen(text);

    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ' '))
        text[--length] = '\0';
    if (length > COMPLAINT_MAX) {
        text += length - COMPLAINT_MAX;
        while (((unsigned char)*text & 0xc0) == 0x80) /* not in the middle of a character */
            text++;
    }
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return *text && rh_text_valid(text, strlen(text)) ? text : "-";
}

static int32_t judge(const struct hearing *hearing, const char *program,
                     struct rh_child_result *result)
{
    struct rh_err *err = hearing->run->err;

    if (hearing->cancelled)
        return rh_err_set(err, RH_ECANCELLED, "'%s' wurde abgebrochen", "'%s' was cancelled",
                          hearing->run->what);
    if (result->end == RH_CHILD_LATE)
        return rh_err_set(err, RH_ECANCELLED,
                          "'%s' war mit dieser Eingabe nicht rechtzeitig fertig",
                          "'%s' was not done with this input in time", program);
    if (result->end == RH_CHILD_FLOOD)
        return rh_err_set(err, RH_ETOOLARGE, "'%s' gibt zu dieser Eingabe zu viel aus",
                          "'%s' writes too much for this input", program);
    if (result->end != RH_CHILD_EXITED || result->status != 0)
        return rh_err_set(err, RH_EINVALID, "'%s' ist an dieser Eingabe gescheitert (%d/%d): %s",
                          "'%s' failed on this input (%d/%d): %s", program, (int)result->end,
                          (int)result->status, complaint(result));
    return 0;
}

/* --- all of it --- */

static int32_t check_place(const struct rh_run *run)
{
    if (run->err->code < 0)
        return run->err->code;
    if (run->can_plan)
        return 0;
    return rh_err_set(run->err, RH_EFAILED,
                      "'%s': Hilfsprogramme laufen in READ, im 'run' von COMPUTE oder im 'prepare' "
                      "eines Auftrags, sonst warten alle Schreiber",
                      "'%s': helper programs are for READ, the 'run' of COMPUTE or the 'prepare' "
                      "of a job, or all writers wait",
                      run->what);
}

static struct rh_child_limits limits_of(const struct rh_child_limits *theirs)
{
    struct rh_child_limits limits = {.size = 0};

    if (theirs)
        RH_TAKE(limits, theirs);
    if (limits.time_ms <= 0)
        limits.time_ms = TIME_MS;
    if (limits.memory <= 0)
        limits.memory = MEMORY_MAX;
    if (limits.output <= 0)
        limits.output = OUTPUT_MAX;
    return limits;
}

static int32_t run_program(struct hearing *hearing, const char *path, const char *const *words,
                           const void *input, size_t input_size,
                           const struct rh_child_limits *limits)
{
    const struct rh_clock *clock = hearing->run->house->clock;
    const struct rh_child_options options = {
        .path = path,
        .words = words,
        .input = input,
        .input_length = input_size,
        .output = on_output,
        .context = hearing,
        .monotonic_ms = clock->monotonic_ms,
        .clock_context = clock->context,
        .time_limit_ms = limits->time_ms,
        .grace_ms = GRACE_MS,
        .output_max = limits->output,
        .memory_max = SANITIZED ? 0 : limits->memory,
        .cpu_seconds = limits->time_ms / 1000 + 1,
        .file_max = 0,
    };
    struct rh_child_result result;
    int32_t rc = rh_child_run(&options, &result, hearing->run->err);

    if (rc == 0)
        rc = judge(hearing, words[0], &result);
    return rc < 0 ? rc : rh_str_check(hearing->said, hearing->run->err);
}

int32_t rh_host_child(struct rh_call *call, const char *program, const char *mode,
                      const void *input, size_t input_size, const struct rh_child_limits *limits,
                      const char **ret_output, size_t *ret_output_size)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_child_limits ours = limits_of(limits);
    const char *const words[] = {program, mode, NULL};
    rh_auto_str(said, (size_t)ours.output);
    struct hearing hearing = {.run = run, .said = &said};
    char path[PATH_MAX];
    int32_t rc = check_place(run);

    if (rc == 0)
        rc = find_program(rh_frame_of(call), program, path);
    if (rc == 0)
        rc = run_program(&hearing, path, words, input, input_size, &ours);
    if (rc < 0)
        return rc;
    *ret_output = rh_arena_strndup(run->arena, said.data, said.length);
    *ret_output_size = said.length;
    return *ret_output ? 0 : rh_err_nomem(run->err);
}
