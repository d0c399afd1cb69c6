/*
 * fault_vfs.h - an SQLite file system that fails when told to: a full disk, a sync that is lost.
 *
 * It passes everything on to the usual one and counts calls of the kinds asked for. Register it
 * once, open the store with `.vfs = FAULT_VFS`, then arm it. Any thread; one fault at a time.
 */
#ifndef TESTS_SUPPORT_FAULT_VFS_H
#define TESTS_SUPPORT_FAULT_VFS_H

#define FAULT_VFS "fault"

enum fault_kind {
    FAULT_WRITE = 1,
    FAULT_SYNC = 2,
    FAULT_OPEN = 4,
    FAULT_TRUNCATE = 8,
    FAULT_SHM = 16
};

void fault_vfs_register(void);

/* From the n-th call of these kinds (n = 1: the next) on, `count` calls answer `code`. */
void fault_vfs_arm(int kinds, long n, long count, int code);
/* All is well again; returns how many calls have failed since it was armed. */
long fault_vfs_disarm(void);

#endif
