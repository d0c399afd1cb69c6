#include "core/plugin/check.h"

#include "core/base/alloc.h"
#include "core/plugin/descriptor.h"

#include <dlfcn.h>
#include <elf.h>
#include <stdio.h>
#include <string.h>

#define REPORT_MAX   ((size_t)16 * 1024 * 1024)
#define NEEDED_MAX   64
#define PLUGIN_ENTRY "rh_plugin"

static void set_stem(struct rh_report *report, const char *file_name)
{
    const char *name = strrchr(file_name, '/');
    size_t length;

    name = name ? name + 1 : file_name;
    length = strlen(name);
    if (length > 3 && strcmp(name + length - 3, ".so") == 0)
        length -= 3;
    snprintf(report->stem, sizeof(report->stem), "%.*s", (int)length, name);
}

/* ---- the file ---- */

static void check_file(struct rh_report *report)
{
    const struct rh_elf *elf = &report->elf;
    uint16_t here = rh_elf_this_machine();

    if (elf->machine != here)
        rh_faults_add(&report->faults, "die Datei ist für %s gebaut, dieser Rechner ist %s",
                      "the file is built for %s, this machine is %s",
                      rh_elf_machine_name(elf->machine), rh_elf_machine_name(here));
    if (elf->executable_stack)
        rh_faults_add(&report->faults,
                      "die Datei verlangt einen ausführbaren Stapel; Abhilfe: mit -z noexecstack "
                      "binden",
                      "the file asks for an executable stack; remedy: link with -z noexecstack");
    if (elf->writes_code)
        rh_faults_add(&report->faults,
                      "die Datei ändert beim Laden ihren eigenen Code; Abhilfe: mit -fPIC bauen",
                      "the file changes its own code when loaded; remedy: build with -fPIC");
}

/* ---- the symbols it wants ---- */

/* The name comes from the file; the dynamic loader shall not follow paths or $ORIGIN in it. */
static bool is_library_name(const char *name)
{
    return name && *name &&
           name[strspn(
               name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")] == '\0';
}

/* Handles of libraries that are in this process already. Nothing is loaded for a look. */
static size_t open_present(const struct rh_elf *elf, void *handles[NEEDED_MAX], bool *ret_all)
{
    size_t count = 0;

    *ret_all = elf->needed_count <= NEEDED_MAX;
    for (uint64_t i = 0; i < elf->needed_count && i < NEEDED_MAX; i++) {
        const char *name = rh_elf_needed(elf, i);
        void *handle = is_library_name(name) ? dlopen(name, RTLD_LAZY | RTLD_NOLOAD) : NULL;

        if (handle)
            handles[count++] = handle;
        else
            *ret_all = false;
    }
    return count;
}

static bool is_present(const char *symbol, void *const *handles, size_t count)
{
    bool found = dlsym(RTLD_DEFAULT, symbol) != NULL;

    for (size_t i = 0; i < count && !found; i++)
        found = dlsym(handles[i], symbol) != NULL;
    return found;
}

static void missing_symbol(struct rh_report *report, const char *symbol)
{
    if (strncmp(symbol, "rh_", 3) == 0)
        rh_faults_add(&report->faults,
                      "die Datei will '%.100s' vom Server, der keine Funktionen ausgibt; alles "
                      "geht über reihum/call.h",
                      "the file wants '%.100s' from the server, which exports no functions; all "
                      "goes through reihum/call.h",
                      symbol);
    else
        rh_faults_add(&report->faults,
                      "die Datei will '%.100s', das keine ihrer Bibliotheken hat; Abhilfe: die "
                      "fehlende Quelle oder Bibliothek dazubinden",
                      "the file wants '%.100s', which none of its libraries has; remedy: link the "
                      "missing source or library",
                      symbol);
}

/*
 * RTLD_NOW would find missing symbols too, but only while loading. Where all libraries are in the
 * process, we can tell without. Of another machine's file we cannot.
 */
static void check_imports(struct rh_report *report)
{
    const struct rh_elf *elf = &report->elf;
    void *handles[NEEDED_MAX];
    bool all;
    size_t count;

    if (elf->machine != rh_elf_this_machine())
        return;
    count = open_present(elf, handles, &all);
    for (uint64_t i = 1; i < elf->symbol_count && report->faults.count < RH_FAULTS_MAX; i++) {
        const char *symbol = rh_elf_import(elf, i);

        if (symbol && *symbol && (all || strncmp(symbol, "rh_", 3) == 0) &&
            !is_present(symbol, handles, count))
            missing_symbol(report, symbol);
    }
    while (count > 0)
        dlclose(handles[--count]);
}

/* ---- the ways past the host ---- */

static const struct {
    struct rh_text way;
    const char *symbols; /* between blanks */
} reaches[] = {
    {{"Netz", "network"},
     " socket connect bind listen accept accept4 getaddrinfo gethostbyname send sendto "},
    {{"andere Programme", "other programs"},
     " fork vfork clone system popen posix_spawn posix_spawnp execve execvp execv execl execlp "},
    {{"Threads", "threads"}, " pthread_create thrd_create "},
    {{"Dateien", "files"},
     " open open64 openat openat64 fopen fopen64 creat unlink unlinkat rename mmap mmap64 "
     "opendir "},
    {{"Nachladen von Code", "loading of code"}, " dlopen dlmopen dlsym mprotect "},
    {{"SQLite am Wirt vorbei", "SQLite past the host"},
     " sqlite3_open sqlite3_open_v2 sqlite3_exec sqlite3_prepare_v2 sqlite3_prepare_v3 "},
    {{"Uhr des Rechners statt rh_now_utc()", "clock of the machine instead of rh_now_utc()"},
     " time clock_gettime gettimeofday localtime localtime_r gmtime gmtime_r "},
    {{"Zufall des Rechners", "randomness of the machine"},
     " rand random srand getrandom getentropy arc4random "},
    {{"Ende des Servers", "ending the server"}, " exit _exit abort quick_exit kill raise signal "},
};

/* A name in a file may be anything, also " socket ": so the list is walked word by word. */
static bool is_listed(const char *list, const char *symbol)
{
    size_t length = strlen(symbol);

    for (const char *word = list, *end; *word; word = *end ? end + 1 : end) {
        end = strchrnul(word, ' ');
        if ((size_t)(end - word) == length && length > 0 && memcmp(word, symbol, length) == 0)
            return true;
    }
    return false;
}

static const char *find_reach(const struct rh_elf *elf, size_t way)
{
    for (uint64_t i = 1; i < elf->symbol_count; i++) {
        const char *symbol = rh_elf_import(elf, i);

        if (symbol && is_listed(reaches[way].symbols, symbol))
            return symbol;
    }
    return NULL;
}

const struct rh_text *rh_report_reach(const struct rh_report *report, size_t index,
                                      const char **ret_symbol)
{
    for (size_t way = 0; way < sizeof(reaches) / sizeof(reaches[0]); way++) {
        const char *symbol = find_reach(&report->elf, way);

        if (symbol && index-- == 0) {
            *ret_symbol = symbol;
            return &reaches[way].way;
        }
    }
    return NULL;
}

/* ---- all together ---- */

static int32_t inspect(struct rh_report *report, struct rh_err *err)
{
    struct rh_memory memory = {.elf = &report->elf};
    struct rh_plugin *plugin = NULL;
    uint64_t address, size;
    int32_t rc;

    check_file(report);
    check_imports(report);
    if (!rh_elf_export(&report->elf, PLUGIN_ENTRY, &address, &size)) {
        rh_faults_add(&report->faults,
                      "die Datei gibt kein 'rh_plugin' aus; Abhilfe: RH_PLUGIN const struct "
                      "rh_plugin rh_plugin = { … }",
                      "the file exports no 'rh_plugin'; remedy: RH_PLUGIN const struct rh_plugin "
                      "rh_plugin = { … }");
        return 0;
    }
    rc = rh_descriptor_read(&memory, address, &report->arena, &plugin, &report->faults, err);
    report->plugin = plugin;
    if (plugin && size > 0 && plugin->size > size)
        rh_faults_add(&report->faults,
                      "das Symbol 'rh_plugin' hat %llu Byte, die Beschreibung nennt %u",
                      "the symbol 'rh_plugin' has %llu bytes, the descriptor says %u",
                      (unsigned long long)size, plugin->size);
    if (rc == 0 && plugin)
        rh_plugin_check(plugin, report->stem, &report->faults);
    return rc;
}

int32_t rh_report_new(const char *file_name, const void *bytes, size_t size,
                      struct rh_report **ret_report, struct rh_err *err)
{
    struct rh_report *report = rh_alloc(1, sizeof(*report));
    struct rh_err fault = {0};
    int32_t rc;

    if (!report)
        return rh_err_nomem(err);
    rh_arena_init(&report->arena, REPORT_MAX);
    set_stem(report, file_name);
    rc = rh_elf_read(bytes, size, &report->elf, &fault);
    if (rc == 0)
        rc = inspect(report, err);
    else if (rc != RH_ENOMEM)
        rc = 0;
    else
        rh_err_nomem(err);
    rh_faults_take(&report->faults, &fault);
    if (rc < 0) {
        rh_report_free(report);
        return rc;
    }
    *ret_report = report;
    return 0;
}

struct rh_report *rh_report_free(struct rh_report *report)
{
    if (!report)
        return NULL;
    rh_elf_fini(&report->elf);
    rh_arena_fini(&report->arena);
    return rh_free(report);
}
