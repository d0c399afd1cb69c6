/*
 * settings.h - the section `mail { … }` of the configuration, understood and checked.
 *
 * Read once at start from the module's values; what is wrong stops the start with one sentence that
 * names the key. Texts live as long as the arena.
 */
#ifndef CORE_POST_SETTINGS_H
#define CORE_POST_SETTINGS_H

#include "core/base/arena.h"
#include "core/operation/invoke.h"

#define RH_POST_KEYS 26
extern const struct rh_config_key rh_post_keys[RH_POST_KEYS];

enum rh_post_transport { RH_POST_OFF, RH_POST_FOLDER, RH_POST_SMTP };
enum rh_post_tls { RH_POST_TLS_NONE, RH_POST_TLS_START, RH_POST_TLS_AT_ONCE };

struct rh_post_server {
    const char *host; /* NULL: none */
    int32_t port;
    enum rh_post_tls tls;
    const char *user, *password; /* NULL: no sign-in */
    const char *ca_file;         /* NULL: the system's */
    int64_t timeout_s;
};

struct rh_post_settings {
    enum rh_post_transport transport;
    const char *folder; /* of the transport `folder` */
    struct rh_post_server smtp, imap;
    const char *ehlo;
    int32_t connections, per_minute;    /* per_minute 0: no limit */
    const char *mailbox, *done_mailbox; /* done_mailbox NULL: what was read stays where it is */
    int64_t interval_s;
};

/* `module` is that of rh_post_module; the folder lies beside the store's file unless it was named.
 * Passwords are read from their files here. */
int32_t rh_post_settings(const struct rh_module *module, const char *database,
                         struct rh_arena *arena, struct rh_post_settings *ret_settings,
                         struct rh_err *err);

/* A value of the section, NULL when not set. */
const char *rh_post_value(const struct rh_module *module, const char *key);

/* 127.0.0.0/8, ::1, localhost: what never leaves this machine. */
bool rh_post_is_loopback(const char *host);

#endif
