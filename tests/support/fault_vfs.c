#include "tests/support/fault_vfs.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int armed_kinds, armed_code;
static atomic_long calls_until, faults_left, struck;

static int fault_for(int kind)
{
    if (!(atomic_load(&armed_kinds) & kind) || atomic_fetch_sub(&calls_until, 1) > 1)
        return SQLITE_OK;
    if (atomic_fetch_sub(&faults_left, 1) <= 0)
        return SQLITE_OK;
    atomic_fetch_add(&struck, 1);
    return atomic_load(&armed_code);
}

void fault_vfs_arm(int kinds, long n, long count, int code)
{
    atomic_store(&armed_kinds, 0);
    atomic_store(&calls_until, n);
    atomic_store(&faults_left, count);
    atomic_store(&struck, 0);
    atomic_store(&armed_code, code);
    atomic_store(&armed_kinds, kinds);
}

long fault_vfs_disarm(void)
{
    atomic_store(&armed_kinds, 0);
    return atomic_load(&struck);
}

/* ---- files ---- */

struct fault_file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this structure */
};

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct fault_file *)(void *)file)->real;
}

static int fault_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int fault_read(sqlite3_file *file, void *to, int count, sqlite3_int64 at)
{
    return real_of(file)->pMethods->xRead(real_of(file), to, count, at);
}

static int fault_write(sqlite3_file *file, const void *from, int count, sqlite3_int64 at)
{
    int rc = fault_for(FAULT_WRITE);

    return rc != SQLITE_OK ? rc : real_of(file)->pMethods->xWrite(real_of(file), from, count, at);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int rc = fault_for(FAULT_TRUNCATE);

    return rc != SQLITE_OK ? rc : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int fault_sync(sqlite3_file *file, int flags)
{
    int rc = fault_for(FAULT_SYNC);

    return rc != SQLITE_OK ? rc : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int fault_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int fault_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int fault_reserved(sqlite3_file *file, int *result)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result);
}

static int fault_control(sqlite3_file *file, int op, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}

static int fault_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int fault_characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int fault_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    int rc = fault_for(FAULT_SHM);

    return rc != SQLITE_OK
               ? rc
               : real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, memory);
}

static int fault_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void fault_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int fault_shm_unmap(sqlite3_file *file, int delete_it)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete_it);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* without memory mapping: then every page passes through here */
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_reserved,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector,
    .xDeviceCharacteristics = fault_characteristics,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

/* ---- the file system ---- */

static sqlite3_vfs *usual;
static sqlite3_vfs fault;

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    struct fault_file *f = (struct fault_file *)(void *)file;
    int rc = fault_for(FAULT_OPEN);
    (void)vfs;

    f->base.pMethods = NULL; /* SQLite closes nothing then */
    f->real = (sqlite3_file *)(void *)(f + 1);
    if (rc == SQLITE_OK)
        rc = usual->xOpen(usual, name, f->real, flags, out);
    if (rc == SQLITE_OK)
        f->base.pMethods = &methods;
    return rc;
}

void fault_vfs_register(void)
{
    usual = sqlite3_vfs_find(NULL);
    fault = *usual;
    fault.zName = FAULT_VFS;
    fault.szOsFile = (int)sizeof(struct fault_file) + usual->szOsFile;
    fault.pNext = NULL;
    fault.xOpen = fault_open;
    sqlite3_vfs_register(&fault, 0);
}
