#include "core/post/settings.h"

#include "core/base/number.h"
#include "core/mail/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_MAX 1024

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

const struct rh_config_key rh_post_keys[RH_POST_KEYS] = {
    {"transport", RH_TYPE_CHOICE, .fallback = "folder", .choices = "folder|smtp|smtps|off",
     .help = {"wohin Mails gehen: als .eml-Dateien in einen Ordner, an einen Mailserver (smtp mit STARTTLS, smtps mit "
              "TLS von Anfang an), oder vorerst nirgendhin",
              "where mail goes: as .eml files into a folder, to a mail server (smtp with STARTTLS, smtps with TLS from "
              "the start), or nowhere for now"}},
    {"folder", RH_TYPE_TEXT, .min = 1, .max = 4000,
     .help = {"Ordner für transport = folder; sonst neben der Datenbank, mit der Endung .mail",
              "folder for transport = folder; otherwise beside the database, with the ending .mail"}},
    {"from", RH_TYPE_TEXT, .fallback = "reihum@example.org", .min = 3, .max = 254,
     .help = {"Absenderadresse; ein Postfach, das gelesen wird", "address of the sender; a mailbox that is read"}},
    {"from_name", RH_TYPE_TEXT, .fallback = "reihum", .max = 200,
     .help = {"Name neben der Absenderadresse", "name beside the sender's address"}},
    {"reply_to", RH_TYPE_TEXT, .min = 3, .max = 254,
     .help = {"wohin Antworten gehen sollen; sonst an from", "where answers shall go; otherwise to from"}},
    {"bounce", RH_TYPE_TEXT, .min = 3, .max = 254,
     .help = {"Adresse, an die Unzustellbares zurückgeht; vor dem @ kommt je Mail '+' und eine Kennung dazu, das Postfach "
              "muss solche Adressen annehmen; sonst from",
              "address for what cannot be delivered; '+' and a token per mail are added before the @, the mailbox has to "
              "take such addresses; otherwise from"}},
    {"templates", RH_TYPE_TEXT, .min = 1, .max = 4000,
     .help = {"Ordner der Mailvorlagen; sonst die mitgelieferten", "folder of mail templates; otherwise those shipped"}},
    {"smtp_host", RH_TYPE_TEXT, .min = 1, .max = 253,
     .help = {"Name des Mailservers, der unsere Mails weitergibt", "name of the mail server that passes our mail on"}},
    {"smtp_port", RH_TYPE_INT, .fallback = "0", .min = 0, .max = 65535,
     .help = {"sein Port; 0 = 587, bei smtps 465, auf diesem Rechner 25", "its port; 0 = 587, 465 for smtps, 25 on this machine"}},
    {"smtp_tls", RH_TYPE_CHOICE, .choices = "starttls|none",
     .help = {"Verschlüsselung bei transport = smtp; sonst STARTTLS, und none nur, wenn der Mailserver auf diesem Rechner läuft",
              "encryption with transport = smtp; otherwise STARTTLS, and none only if the mail server runs on this machine"}},
    {"smtp_user", RH_TYPE_TEXT, .min = 1, .max = 200,
     .help = {"Benutzername; ohne ihn meldet sich niemand an", "user name; without it nobody signs in"}},
    {"smtp_password_file", RH_TYPE_TEXT, .min = 1, .max = 4000,
     .help = {"Datei, deren erste Zeile das Kennwort ist; nur der Benutzer des Servers darf sie lesen",
              "file whose first line is the password; only the server's user may read it"}},
    {"smtp_ca_file", RH_TYPE_TEXT, .min = 1, .max = 4000,
     .help = {"Zertifikate, denen getraut wird (PEM); sonst die des Systems", "certificates that are trusted (PEM); otherwise the system's"}},
    {"smtp_ehlo", RH_TYPE_TEXT, .min = 1, .max = 253,
     .help = {"Name, mit dem wir uns vorstellen; sonst die Domain von from", "name by which we introduce ourselves; otherwise the domain of from"}},
    {"smtp_connections", RH_TYPE_INT, .fallback = "2", .min = 1, .max = 64,
     .help = {"Verbindungen gleichzeitig", "connections at a time"}},
    {"smtp_per_minute", RH_TYPE_INT, .fallback = "300", .min = 0, .max = 1000000,
     .help = {"Mails je Minute höchstens; 0 = so viele wie gehen", "mails a minute at most; 0 = as many as possible"}},
    {"smtp_timeout", RH_TYPE_DURATION, .fallback = "60s", .min = 1, .max = 600,
     .help = {"so lange wird auf eine Antwort gewartet", "how long an answer is waited for"}},
    {"imap_host", RH_TYPE_TEXT, .min = 1, .max = 253,
     .help = {"Server des Postfachs, aus dem Antworten und Unzustellbares gelesen werden; sonst wird keines gelesen",
              "server of the mailbox that answers and undeliverable mail are read from; otherwise none is read"}},
    {"imap_port", RH_TYPE_INT, .fallback = "0", .min = 0, .max = 65535,
     .help = {"sein Port; 0 = 993, mit STARTTLS oder auf diesem Rechner 143", "its port; 0 = 993, 143 with STARTTLS or on this machine"}},
    {"imap_tls", RH_TYPE_CHOICE, .choices = "tls|starttls|none",
     .help = {"Verschlüsselung; sonst tls, und none nur auf diesem Rechner", "encryption; otherwise tls, and none only on this machine"}},
    {"imap_user", RH_TYPE_TEXT, .min = 1, .max = 200, .help = {"Benutzername des Postfachs", "user name of the mailbox"}},
    {"imap_password_file", RH_TYPE_TEXT, .min = 1, .max = 4000,
     .help = {"Datei mit seinem Kennwort, wie smtp_password_file", "file with its password, as smtp_password_file"}},
    {"imap_ca_file", RH_TYPE_TEXT, .min = 1, .max = 4000, .help = {"wie smtp_ca_file", "as smtp_ca_file"}},
    {"imap_mailbox", RH_TYPE_TEXT, .fallback = "INBOX", .min = 1, .max = 200,
     .help = {"Ordner im Postfach, der gelesen wird", "folder of the mailbox that is read"}},
    {"imap_done", RH_TYPE_TEXT, .min = 1, .max = 200,
     .help = {"Ordner, in den Gelesenes verschoben wird; sonst bleibt es, wo es ist",
              "folder that read mail is moved to; otherwise it stays where it is"}},
    {"imap_interval", RH_TYPE_DURATION, .fallback = "60s", .min = 1, .max = 86400,
     .help = {"so oft wird nachgesehen", "how often it is looked at"}},
};

/* clang-format on */

const char *rh_post_value(const struct rh_module *module, const char *key)
{
    for (uint32_t i = 0; i < RH_POST_KEYS; i++)
        if (strcmp(rh_post_keys[i].name, key) == 0)
            return module->config ? module->config[i] : rh_post_keys[i].fallback;
    return NULL;
}

static int64_t number_of(const struct rh_module *module, const char *key)
{
    const char *text = rh_post_value(module, key);
    int64_t number = 0;

    if (text)
        (void)rh_int_parse(text, strlen(text), &number); /* checked when it was read */
    return number;
}

bool rh_post_is_loopback(const char *host)
{
    struct in_addr four;
    struct in6_addr six;

    if (strcasecmp(host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/* ---- passwords ---- */

static int32_t check_password_file(const char *path, int file, struct rh_err *err)
{
    struct stat st;

    if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode))
        return rh_err_set(err, RH_EINVALID, "'%s' ist keine gewöhnliche Datei",
                          "'%s' is not an ordinary file", path);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return rh_err_set(err, RH_EFORBIDDEN,
                          "'%s' ist für andere lesbar; 'chmod 600 %s' behebt das",
                          "'%s' can be read by others; 'chmod 600 %s' mends that", path, path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return rh_err_set(err, RH_EFORBIDDEN, "'%s' gehört einem anderen Benutzer",
                          "'%s' belongs to another user", path);
    return 0;
}

static int32_t read_password(const char *path, struct rh_arena *arena, const char **ret_password,
                             struct rh_err *err)
{
    char text[PASSWORD_MAX + 1];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    ssize_t length;
    int32_t rc;

    if (file < 0)
        return rh_err_set(err, RH_ENOTFOUND, "'%s': %s", "'%s': %s", path, strerror(errno));
    rc = check_password_file(path, file, err);
    length = rc == 0 ? read(file, text, PASSWORD_MAX) : 0;
    (void)close(file); /* only read */
    if (rc < 0)
        return rc;
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    if (!*text)
        return rh_err_set(err, RH_EINVALID, "in '%s' steht kein Kennwort",
                          "there is no password in '%s'", path);
    *ret_password = rh_arena_strdup(arena, text);
    return *ret_password ? 0 : rh_err_nomem(err);
}

/* ---- servers ---- */

/* What may stand in a URL and on a command line of a mail protocol. */
static bool is_host(const char *host)
{
    struct in6_addr six;

    return strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
               strlen(host) ||
           inet_pton(AF_INET6, host, &six) == 1;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

struct names {
    const char *host, *port, *user, *password_file, *ca_file;
};

static int32_t read_server(const struct rh_module *module, const struct names *names,
                           struct rh_arena *arena, struct rh_post_server *server,
                           struct rh_err *err)
{
    const char *file = rh_post_value(module, names->password_file);
    int32_t rc = 0;

    server->host = rh_post_value(module, names->host);
    server->port = (int32_t)number_of(module, names->port);
    server->user = rh_post_value(module, names->user);
    server->ca_file = rh_post_value(module, names->ca_file);
    server->timeout_s = number_of(module, "smtp_timeout");
    if (!server->host)
        return 0;
    if (!is_host(server->host))
        return rh_err_set(err, RH_EINVALID, "Schlüssel '%s': '%s' ist kein Rechnername",
                          "key '%s': '%s' is not a host name", names->host, server->host);
    if (server->user && has_control(server->user))
        return rh_err_set(err, RH_EINVALID, "Schlüssel '%s': enthält ein Steuerzeichen",
                          "key '%s': has a control character", names->user);
    if ((server->user != NULL) != (file != NULL))
        return rh_err_set(err, RH_EINVALID, "'%s' und '%s' gehören zusammen; eines davon fehlt",
                          "'%s' and '%s' belong together; one of them is missing", names->user,
                          names->password_file);
    if (file)
        rc = read_password(file, arena, &server->password, err);
    return rc < 0 ? rh_err_wrap(err, "Schlüssel '%s'", "key '%s'", names->password_file) : 0;
}

static int32_t check_plain(const struct rh_post_server *server, const char *key, struct rh_err *err)
{
    if (server->host && server->tls == RH_POST_TLS_NONE && !rh_post_is_loopback(server->host))
        return rh_err_set(err, RH_EINVALID,
                          "Schlüssel '%s': unverschlüsselt geht nur zu einem Server auf diesem "
                          "Rechner, nicht zu '%s'",
                          "key '%s': without encryption only to a server on this machine, not to "
                          "'%s'",
                          key, server->host);
    return 0;
}

static int32_t read_smtp(const struct rh_module *module, struct rh_arena *arena,
                         struct rh_post_settings *s, struct rh_err *err)
{
    static const struct names names = {"smtp_host", "smtp_port", "smtp_user", "smtp_password_file",
                                       "smtp_ca_file"};
    const char *transport = rh_post_value(module, "transport"),
               *tls = rh_post_value(module, "smtp_tls"), *from = rh_post_value(module, "from");
    bool smtps = strcmp(transport, "smtps") == 0, local;
    int32_t rc = read_server(module, &names, arena, &s->smtp, err);

    if (rc < 0 || s->transport != RH_POST_SMTP)
        return rc;
    if (!s->smtp.host)
        return rh_err_set(err, RH_EINVALID, "transport = %s braucht 'smtp_host'",
                          "transport = %s needs 'smtp_host'", transport);
    local = rh_post_is_loopback(s->smtp.host);
    if (!local && strcmp(from, "reihum@example.org") == 0)
        return rh_err_set(
            err, RH_EINVALID, "transport = %s braucht 'from': die Adresse, von der Mails kommen",
            "transport = %s needs 'from': the address that mail comes from", transport);
    if (smtps)
        s->smtp.tls = RH_POST_TLS_AT_ONCE;
    else if (tls ? strcmp(tls, "none") == 0 : local)
        s->smtp.tls = RH_POST_TLS_NONE;
    else
        s->smtp.tls = RH_POST_TLS_START;
    if (s->smtp.port == 0)
        s->smtp.port = smtps ? 465 : local ? 25 : 587;
    s->ehlo = rh_post_value(module, "smtp_ehlo");
    if (!s->ehlo)
        s->ehlo = rh_mail_address_domain(from);
    if (!is_host(s->ehlo))
        return rh_err_set(err, RH_EINVALID, "Schlüssel 'smtp_ehlo': '%s' ist kein Rechnername",
                          "key 'smtp_ehlo': '%s' is not a host name", s->ehlo);
    return check_plain(&s->smtp, "smtp_tls", err);
}

/* Characters that stand for themselves in an IMAP URL and command. */
static int32_t check_mailbox(const char *key, const char *name, struct rh_err *err)
{
    if (!name || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "._-/") == strlen(name))
        return 0;
    return rh_err_set(err, RH_EINVALID,
                      "Schlüssel '%s': ein Postfachordner darf nur aus A-Z, 0-9 und . _ - / "
                      "bestehen",
                      "key '%s': a folder of the mailbox may only have A-Z, 0-9 and . _ - /", key);
}

static int32_t read_imap(const struct rh_module *module, struct rh_arena *arena,
                         struct rh_post_settings *s, struct rh_err *err)
{
    static const struct names names = {"imap_host", "imap_port", "imap_user", "imap_password_file",
                                       "imap_ca_file"};
    const char *tls = rh_post_value(module, "imap_tls");
    int32_t rc = read_server(module, &names, arena, &s->imap, err);

    if (rc < 0 || !s->imap.host)
        return rc;
    if (!s->imap.user)
        return rh_err_set(err, RH_EINVALID, "'imap_host' braucht 'imap_user'",
                          "'imap_host' needs 'imap_user'");
    if (tls ? strcmp(tls, "none") == 0 : rh_post_is_loopback(s->imap.host))
        s->imap.tls = RH_POST_TLS_NONE;
    else
        s->imap.tls = tls && strcmp(tls, "starttls") == 0 ? RH_POST_TLS_START : RH_POST_TLS_AT_ONCE;
    if (s->imap.port == 0)
        s->imap.port = s->imap.tls == RH_POST_TLS_AT_ONCE ? 993 : 143;
    s->mailbox = rh_post_value(module, "imap_mailbox");
    s->done_mailbox = rh_post_value(module, "imap_done");
    s->interval_s = number_of(module, "imap_interval");
    rc = check_mailbox("imap_mailbox", s->mailbox, err);
    if (rc == 0)
        rc = check_mailbox("imap_done", s->done_mailbox, err);
    return rc < 0 ? rc : check_plain(&s->imap, "imap_tls", err);
}

int32_t rh_post_settings(const struct rh_module *module, const char *database,
                         struct rh_arena *arena, struct rh_post_settings *ret_settings,
                         struct rh_err *err)
{
    const char *transport = rh_post_value(module, "transport");
    struct rh_post_settings s = {.transport = strcmp(transport, "off") == 0      ? RH_POST_OFF
                                              : strcmp(transport, "folder") == 0 ? RH_POST_FOLDER
                                                                                 : RH_POST_SMTP,
                                 .folder = rh_post_value(module, "folder"),
                                 .connections = (int32_t)number_of(module, "smtp_connections"),
                                 .per_minute = (int32_t)number_of(module, "smtp_per_minute")};
    int32_t rc = rh_mail_address_check(rh_post_value(module, "from"), err);

    if (rc < 0)
        return rh_err_wrap(err, "Schlüssel 'from'", "key 'from'");
    if (!s.folder)
        s.folder = rh_arena_printf(arena, "%s.mail", database);
    if (!s.folder)
        return rh_err_nomem(err);
    rc = read_smtp(module, arena, &s, err);
    if (rc == 0)
        rc = read_imap(module, arena, &s, err);
    if (rc == 0)
        *ret_settings = s;
    return rc;
}
