#include "core/mail/build.h"

#include "core/base/encoding.h"
#include "core/base/text.h"
#include "core/calendar/date.h"
#include "core/mail/address.h"
#include "core/mail/header.h"
#include "core/template/template.h"

#include <stdio.h>
#include <string.h>

#define QUOTED_LINE_MAX 76 /* RFC 2045, 6.7 (5) */
#define DAY_S           86400
#define HOUR_S          3600
#define REFERENCES_MAX  20

/* ---- date ---- */

/* Last Sunday of March to last Sunday of October, 01:00 UTC both: EU directive 2000/84/EC. Dates
 * before 1996 do not stand in mail of ours. */
static bool is_summer(int32_t year, int64_t utc)
{
    int32_t march = rh_day_of(year, 3, 31), october = rh_day_of(year, 10, 31);

    if (!rh_day_is_valid(march))
        return false;
    march -= rh_day_weekday(march) % 7;
    october -= rh_day_weekday(october) % 7;
    return utc >= (int64_t)march * DAY_S + HOUR_S && utc < (int64_t)october * DAY_S + HOUR_S;
}

static int64_t clip(int64_t utc)
{
    int64_t least = (int64_t)rh_day_of(1970, 1, 1) * DAY_S, most = (int64_t)RH_DAY_MAX * DAY_S;

    return utc < least ? least : utc > most ? most : utc;
}

void rh_mail_date(int64_t utc, char date[RH_MAIL_DATE_SIZE])
{
    int64_t at = clip(utc), local;
    struct rh_date day = rh_day_split((int32_t)(at / DAY_S));
    int32_t hours = is_summer(day.year, at) ? 2 : 1, second;

    local = at + (int64_t)hours * HOUR_S;
    day = rh_day_split((int32_t)(local / DAY_S));
    second = (int32_t)(local % DAY_S);
    (void)snprintf(date, RH_MAIL_DATE_SIZE, "%s, %d %s %04d %02d:%02d:%02d +0%d00",
                   rh_weekday_name_short(rh_day_weekday((int32_t)(local / DAY_S)), RH_EN), day.day,
                   rh_month_name_short(day.month, RH_EN), day.year, second / HOUR_S,
                   second / 60 % 60, second % 60, hours);
}

/* ---- bodies ---- */

/* What must not stand as it is: a space at the end of the line, "From " (mailbox files mask it) and
 * "." (SMTP masks it, and not every filter on the way knows) at its beginning. */
static bool is_quoted(const char *text, size_t at, size_t length, size_t column)
{
    unsigned char c = (unsigned char)text[at];
    bool last = at + 1 == length || text[at + 1] == '\n' || text[at + 1] == '\r';

    if (c == ' ' || c == '\t')
        return last;
    if (column == 0 &&
        (c == '.' || (c == 'F' && length - at >= 5 && strncmp(text + at, "From ", 5) == 0)))
        return true;
    return c < 0x21 || c > 0x7e || c == '=';
}

void rh_mail_quote_text(const char *text, size_t length, struct rh_str *out)
{
    size_t column = 0;

    for (size_t i = 0; i < length; i++) {
        bool quoted;
        size_t width;

        if (text[i] == '\n' || text[i] == '\r') {
            i += text[i] == '\r' && i + 1 < length && text[i + 1] == '\n';
            rh_str_add(out, "\r\n");
            column = 0;
            continue;
        }
        quoted = is_quoted(text, i, length, column);
        width = quoted ? 3 : 1;
        if (column + width > QUOTED_LINE_MAX - 1) { /* room for the '=' of a soft break */
            rh_str_add(out, "=\r\n");
            column = 0;
            quoted = quoted || is_quoted(text, i, length, 0);
            width = quoted ? 3 : 1;
        }
        if (quoted)
            rh_str_printf(out, "=%02X", (unsigned char)text[i]);
        else
            rh_str_add_char(out, text[i]);
        column += width;
    }
    if (column > 0)
        rh_str_add(out, "\r\n");
}

#define BASE64_BYTES 57 /* 76 characters */

static void put_base64(const unsigned char *bytes, uint64_t size, struct rh_str *out)
{
    for (uint64_t i = 0; i < size && !out->failed; i += BASE64_BYTES) {
        rh_base64_encode(bytes + i, size - i < BASE64_BYTES ? (size_t)(size - i) : BASE64_BYTES,
                         out);
        rh_str_add(out, "\r\n");
    }
}

static void put_text_part(const char *type, const char *text, struct rh_str *out)
{
    rh_str_printf(out,
                  "Content-Type: %s; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                  type);
    rh_mail_quote_text(text, strlen(text), out);
}

static bool is_document(const char *html)
{
    return strncasecmp(html, "<!doctype", 9) == 0;
}

static int32_t put_html_part(const struct rh_mail_message *m, struct rh_str *out,
                             struct rh_err *err)
{
    rh_auto_str(document, RH_MAIL_BYTES_MAX);

    if (is_document(m->html)) {
        put_text_part("text/html", m->html, out);
        return 0;
    }
    rh_str_printf(&document,
                  "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
                  m->lang == 0 ? "de" : "en");
    rh_template_escape(m->subject, strlen(m->subject), &document);
    rh_str_printf(&document, "</title>\n</head>\n<body>\n%s\n</body>\n</html>\n", m->html);
    if (document.failed)
        return rh_str_check(&document, err);
    put_text_part("text/html", document.data, out);
    return 0;
}

/* "text/calendar; charset=utf-8; method=REQUEST": each parameter a word of its own. */
static void put_content_type(const struct rh_mail_part *part, struct rh_str *out)
{
    struct mail_header header = mail_header_begin(out, "Content-Type");
    const char *type = part->content_type;

    while (*type) {
        size_t length = strcspn(type, ";");
        char word[256];

        (void)snprintf(word, sizeof(word), "%.*s%s", (int)length, type, type[length] ? ";" : "");
        mail_header_word(&header, word);
        type += length + (type[length] == ';');
        type += strspn(type, " ");
    }
    if (part->file_name && *part->file_name)
        mail_header_parameter(&header, "name", part->file_name);
    mail_header_end(&header);
}

static void put_part(const struct rh_mail_part *part, struct rh_str *out)
{
    bool alternative = part->flags & RH_MAIL_ALTERNATIVE;

    put_content_type(part, out);
    rh_str_add(out, "Content-Transfer-Encoding: base64\r\n");
    if (!alternative) {
        struct mail_header header = mail_header_begin(out, "Content-Disposition");

        mail_header_word(&header, "attachment");
        if (part->file_name && *part->file_name)
            mail_header_parameter(&header, "filename", part->file_name);
        mail_header_end(&header);
    }
    rh_str_add(out, "\r\n");
    put_base64(part->bytes, part->size, out);
}

/* ---- structure ---- */

/* A boundary holds "=_", which neither quoted-printable nor base64 can make (RFC 2045, 6.7). */
struct boundary {
    char text[64];
};

static struct boundary boundary_of(const struct rh_mail_message *m, int level)
{
    struct boundary boundary;
    size_t used = 0;
    char id[41];

    for (const char *c = m->message_id; *c && *c != '@' && used < sizeof(id) - 1; c++)
        if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
            id[used++] = *c;
    id[used] = '\0';
    (void)snprintf(boundary.text, sizeof(boundary.text), "=_%d_%s", level, id);
    return boundary;
}

static void begin_multipart(const char *kind, const struct boundary *boundary, struct rh_str *out)
{
    rh_str_printf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n\r\n", kind,
                  boundary->text);
}

static void next_part(const struct boundary *boundary, struct rh_str *out)
{
    rh_str_printf(out, "--%s\r\n", boundary->text);
}

static void end_multipart(const struct boundary *boundary, struct rh_str *out)
{
    rh_str_printf(out, "--%s--\r\n", boundary->text);
}

static size_t count_parts(const struct rh_mail_message *m, bool alternative)
{
    size_t count = 0;

    for (size_t i = 0; i < m->part_count; i++)
        count += (bool)(m->parts[i].flags & RH_MAIL_ALTERNATIVE) == alternative;
    return count;
}

static int32_t put_alternatives(const struct rh_mail_message *m, struct rh_str *out,
                                struct rh_err *err)
{
    struct boundary boundary = boundary_of(m, 2);
    int32_t rc = 0;

    if (!m->html && count_parts(m, true) == 0) {
        put_text_part("text/plain", m->text, out);
        return 0;
    }
    begin_multipart("alternative", &boundary, out);
    next_part(&boundary, out);
    put_text_part("text/plain", m->text, out);
    if (m->html) {
        next_part(&boundary, out);
        rc = put_html_part(m, out, err);
    }
    for (size_t i = 0; i < m->part_count; i++)
        if (m->parts[i].flags & RH_MAIL_ALTERNATIVE) {
            next_part(&boundary, out);
            put_part(&m->parts[i], out);
        }
    end_multipart(&boundary, out);
    return rc;
}

static int32_t put_body(const struct rh_mail_message *m, struct rh_str *out, struct rh_err *err)
{
    struct boundary boundary = boundary_of(m, 1);
    int32_t rc;

    if (count_parts(m, false) == 0)
        return put_alternatives(m, out, err);
    begin_multipart("mixed", &boundary, out);
    next_part(&boundary, out);
    rc = put_alternatives(m, out, err);
    for (size_t i = 0; i < m->part_count && rc == 0; i++)
        if (!(m->parts[i].flags & RH_MAIL_ALTERNATIVE)) {
            next_part(&boundary, out);
            put_part(&m->parts[i], out);
        }
    end_multipart(&boundary, out);
    return rc;
}

/* ---- headers ---- */

static void put_mailbox(const char *name, const struct rh_mail_address *mailbox, struct rh_str *out)
{
    struct mail_header header = mail_header_begin(out, name);

    mail_header_mailbox(&header, mailbox->name, mailbox->address, false);
    mail_header_end(&header);
}

static void put_one(const char *name, const char *word, struct rh_str *out)
{
    struct mail_header header = mail_header_begin(out, name);

    mail_header_word(&header, word);
    mail_header_end(&header);
}

static void put_copies(const struct rh_mail_message *m, struct rh_str *out)
{
    struct mail_header header;

    if (m->copy_count == 0)
        return;
    header = mail_header_begin(out, "Cc");
    for (size_t i = 0; i < m->copy_count; i++)
        mail_header_mailbox(&header, m->copies[i].name, m->copies[i].address,
                            i + 1 < m->copy_count);
    mail_header_end(&header);
}

static void put_ids(const char *name, const char *ids, struct rh_str *out)
{
    struct mail_header header = mail_header_begin(out, name);

    while (*ids) {
        size_t length = strcspn(ids, " ");
        char word[RH_MAIL_ID_MAX + 1];

        (void)snprintf(word, sizeof(word), "%.*s", (int)length, ids);
        mail_header_word(&header, word);
        ids += length + (ids[length] == ' ');
    }
    mail_header_end(&header);
}

static void put_unsubscribe(const struct rh_mail_message *m, struct rh_str *out)
{
    struct mail_header header;
    rh_auto_str(word, 4096);

    if (!m->unsubscribe_mail)
        return;
    header = mail_header_begin(out, "List-Unsubscribe");
    if (m->unsubscribe_address) {
        rh_str_printf(&word, "<%s>,", m->unsubscribe_address);
        mail_header_word(&header, word.data);
        rh_str_reset(&word);
    }
    rh_str_printf(&word, "<mailto:%s?subject=unsubscribe>", m->unsubscribe_mail);
    mail_header_word(&header, word.data);
    mail_header_end(&header);
    if (word.failed)
        out->failed = true;
    if (m->unsubscribe_address) /* RFC 8058 */
        put_one("List-Unsubscribe-Post", "List-Unsubscribe=One-Click", out);
}

static void put_headers(const struct rh_mail_message *m, struct rh_str *out)
{
    struct mail_header subject;
    char date[RH_MAIL_DATE_SIZE];

    rh_mail_date(m->date_utc, date);
    rh_str_printf(out, "Date: %s\r\n", date);
    put_mailbox("From", &m->from, out);
    if (m->reply_to.address)
        put_mailbox("Reply-To", &m->reply_to, out);
    put_mailbox("To", &m->to, out);
    put_copies(m, out);
    subject = mail_header_begin(out, "Subject");
    mail_header_text(&subject, m->subject);
    mail_header_end(&subject);
    put_one("Message-ID", m->message_id, out);
    if (m->in_reply_to)
        put_one("In-Reply-To", m->in_reply_to, out);
    if (m->references)
        put_ids("References", m->references, out);
    put_unsubscribe(m, out);
    /* RFC 3834. For Exchange: no out-of-office notes; but reports that it could not be delivered
     * are wanted, so neither "All" nor "NDR". */
    rh_str_printf(out,
                  "Auto-Submitted: auto-generated\r\n"
                  "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
                  "Content-Language: %s\r\n"
                  "MIME-Version: 1.0\r\n",
                  m->lang == 0 ? "de" : "en");
}

/* ---- checks ---- */

bool rh_mail_id_ok(const char *id, size_t length)
{
    return length >= 5 && length <= RH_MAIL_ID_MAX && id[0] == '<' && id[length - 1] == '>' &&
           rh_mail_address_ok(id + 1, length - 2);
}

static int32_t check_mailbox(const struct rh_mail_address *mailbox, const char *header,
                             struct rh_err *err)
{
    int32_t rc = rh_mail_address_check(mailbox->address, err);

    if (rc == 0)
        rc = rh_mail_name_check(mailbox->name, err);
    return rc < 0 ? rh_err_wrap(err, "%s", "%s", header) : 0;
}

static int32_t check_ids(const struct rh_mail_message *m, struct rh_err *err)
{
    const char *ids = m->references ? m->references : "";
    bool fine = rh_mail_id_ok(m->message_id, strlen(m->message_id)) &&
                (!m->in_reply_to || rh_mail_id_ok(m->in_reply_to, strlen(m->in_reply_to)));
    int count = 0;

    while (fine && *ids) {
        size_t length = strcspn(ids, " ");

        fine = rh_mail_id_ok(ids, length) && ++count <= REFERENCES_MAX;
        ids += length + (ids[length] == ' ');
    }
    return fine
               ? 0
               : rh_err_set(err, RH_EINVALID,
                            "Message-ID, In-Reply-To oder References ist nicht von der Form "
                            "<kennung@domain>",
                            "Message-ID, In-Reply-To or References is not of the form <id@domain>");
}

static bool url_ok(const char *url)
{
    size_t length = strlen(url);

    if (strncmp(url, "https://", 8) != 0 || length < 12 || length > 900)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)url[i] <= 0x20 || (unsigned char)url[i] > 0x7e ||
            strchr("<>,\"", url[i]))
            return false;
    return true;
}

static bool type_ok(const char *type)
{
    size_t length = type ? strlen(type) : 0, slash = type ? strcspn(type, "/") : 0;

    if (length < 3 || length > 200 || slash == 0 || slash + 1 >= length ||
        strncasecmp(type, "multipart/", 10) == 0 || strncasecmp(type, "message/", 8) == 0)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((type[i] >= 'a' && type[i] <= 'z') || (type[i] >= 'A' && type[i] <= 'Z') ||
              (type[i] >= '0' && type[i] <= '9') || strchr("/;= .+-_", type[i])))
            return false;
    return true;
}

static int32_t check_parts(const struct rh_mail_message *m, struct rh_err *err)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < m->part_count; i++) {
        const struct rh_mail_part *part = &m->parts[i];

        if (!type_ok(part->content_type))
            return rh_err_set(err, RH_EINVALID,
                              "Anlage %zu: der Typ ist nicht von der Form 'art/unterart; "
                              "name=wert'",
                              "part %zu: its type is not of the form 'type/subtype; name=value'",
                              i + 1);
        if (part->file_name && *part->file_name &&
            (rh_text_check_line(part->file_name, strlen(part->file_name), 150, NULL) < 0 ||
             strpbrk(part->file_name, "/\\")))
            return rh_err_set(err, RH_EINVALID, "Anlage %zu: kein brauchbarer Dateiname",
                              "part %zu: not a usable file name", i + 1);
        sum += part->size < RH_MAIL_PARTS_BYTES ? part->size : RH_MAIL_PARTS_BYTES;
        if (sum >= RH_MAIL_PARTS_BYTES)
            return rh_err_set(err, RH_ETOOLARGE, "die Anlagen sind zusammen größer als 8 MiB",
                              "the attachments are larger than 8 MiB together");
    }
    return 0;
}

static int32_t check_words(const struct rh_mail_message *m, struct rh_err *err)
{
    int32_t rc = m->subject
                     ? rh_text_check_line(m->subject, strlen(m->subject), RH_MAIL_SUBJECT_MAX, err)
                     : rh_err_set(err, RH_EINVALID, "fehlt", "is missing");

    if (rc < 0)
        return rh_err_wrap(err, "Betreff", "subject");
    if (!m->text || !*m->text)
        return rh_err_set(err, RH_EINVALID, "der Text der Mail fehlt; HTML allein genügt nicht",
                          "the text of the mail is missing; HTML alone is not enough");
    rc = rh_text_check_lines(m->text, strlen(m->text), RH_MAIL_TEXT_MAX, err);
    if (rc == 0 && m->html)
        rc = rh_text_check_lines(m->html, strlen(m->html), RH_MAIL_TEXT_MAX, err);
    return rc < 0 ? rh_err_wrap(err, "Text der Mail", "text of the mail") : 0;
}

static int32_t check(const struct rh_mail_message *m, struct rh_err *err)
{
    int32_t rc = check_mailbox(&m->from, "From", err);

    if (rc == 0)
        rc = check_mailbox(&m->to, "To", err);
    if (rc == 0 && m->reply_to.address)
        rc = check_mailbox(&m->reply_to, "Reply-To", err);
    for (size_t i = 0; i < m->copy_count && rc == 0; i++)
        rc = check_mailbox(&m->copies[i], "Cc", err);
    if (rc == 0)
        rc = check_ids(m, err);
    if (rc == 0)
        rc = check_words(m, err);
    if (rc == 0)
        rc = check_parts(m, err);
    if (rc == 0 && m->unsubscribe_mail)
        rc = rh_mail_address_check(m->unsubscribe_mail, err);
    if (rc == 0 && m->unsubscribe_address && !url_ok(m->unsubscribe_address))
        rc = rh_err_set(err, RH_EINVALID,
                        "die Adresse zum Abbestellen beginnt nicht mit https:// oder enthält "
                        "unerlaubte Zeichen",
                        "the address to unsubscribe does not begin with https:// or has "
                        "characters that are not allowed");
    return rc;
}

int32_t rh_mail_build(const struct rh_mail_message *message, struct rh_str *out, struct rh_err *err)
{
    int32_t rc = check(message, err);

    if (rc < 0)
        return rc;
    put_headers(message, out);
    rc = put_body(message, out, err);
    return rc < 0 ? rc : rh_str_check(out, err);
}
