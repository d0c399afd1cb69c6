#include "core/mail/read.h"

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/mail/address.h"
#include "core/mail/mime.h"

#include <string.h>
#include <strings.h>

struct reading {
    struct rh_arena *arena;
    struct rh_mail_in *in;
    struct rh_str text, html; /* of the first part of its kind */
    bool out_of_memory, is_report;
};

static const char *keep(struct reading *r, const char *text, size_t length)
{
    const char *kept = rh_arena_strndup(r->arena, text, length);

    if (!kept)
        r->out_of_memory = true;
    return kept ? kept : "";
}

/* ---- fields ---- */

static const char *field_of(struct reading *r, struct mime_slice header, const char *name)
{
    struct mime_slice value;
    rh_auto_str(text, 8192);

    if (!mime_field(header, name, 0, &value))
        return "";
    mime_text_of(value, &text);
    return keep(r, text.data, text.length);
}

static bool has_field(struct mime_slice header, const char *name)
{
    struct mime_slice value;

    return mime_field(header, name, 0, &value);
}

/* "Name <a@b>", "a@b (Name)", "a@b": the first address in it, its name in *ret_name. */
static void mailbox_of(struct reading *r, const char *value, const char **ret_address,
                       const char **ret_name)
{
    const char *open = strrchr(value, '<'), *close = open ? strchr(open, '>') : NULL;
    const char *start = value;
    size_t length;

    *ret_address = *ret_name = "";
    if (open && close && rh_mail_address_ok(open + 1, (size_t)(close - open - 1))) {
        *ret_address = keep(r, open + 1, (size_t)(close - open - 1));
        length = (size_t)(open - value);
        rh_text_trim(&start, &length);
        if (length > 1 && start[0] == '"' && start[length - 1] == '"') {
            start++;
            length -= 2;
        }
        *ret_name = keep(r, start, rh_text_cut(start, length, RH_MAIL_NAME_MAX));
        return;
    }
    start += strspn(start, " <");
    length = strcspn(start, " ,;<>()");
    if (rh_mail_address_ok(start, length))
        *ret_address = keep(r, start, length);
}

/* The last "<…>" of a list of Message-IDs. */
static const char *last_id(struct reading *r, const char *ids)
{
    const char *open = strrchr(ids, '<'), *close = open ? strchr(open, '>') : NULL;

    if (!close || close - open > 500)
        return "";
    return keep(r, open, (size_t)(close - open) + 1);
}

/* ---- the token ---- */

static bool is_token(const char *text)
{
    return strspn(text, "0123456789abcdef") == RH_MAIL_TOKEN_SIZE - 1 &&
           text[RH_MAIL_TOKEN_SIZE - 1] == '@';
}

static bool find_token(struct rh_mail_in *in, const char *value)
{
    for (const char *plus = strchr(value, '+'); plus; plus = strchr(plus + 1, '+'))
        if (is_token(plus + 1)) {
            memcpy(in->token, plus + 1, RH_MAIL_TOKEN_SIZE - 1);
            in->token[RH_MAIL_TOKEN_SIZE - 1] = '\0';
            return true;
        }
    return false;
}

static bool find_detail(struct rh_mail_in *in, const char *value)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    for (const char *plus = strchr(value, '+'); plus; plus = strchr(plus + 1, '+')) {
        size_t length = strspn(plus + 1, letters);

        if (length == 0 || length >= RH_MAIL_DETAIL_SIZE || plus[1 + length] != '@' ||
            is_token(plus + 1))
            continue;
        for (size_t i = 0; i < length; i++)
            in->detail[i] =
                (char)(plus[1 + i] >= 'A' && plus[1 + i] <= 'Z' ? plus[1 + i] + 32 : plus[1 + i]);
        in->detail[length] = '\0';
        return true;
    }
    return false;
}

/* The first of either kind, in the fields that are nearest to the delivery. */
static void read_token(struct reading *r, struct mime_slice header)
{
    static const char *const fields[] = {"Delivered-To", "X-Original-To", "Envelope-To", "To",
                                         "Cc"};
    bool token = false, detail = false;

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct mime_slice value;

        for (size_t n = 0; n < 10 && mime_field(header, fields[i], n, &value); n++) {
            rh_auto_str(text, 8192);

            mime_text_of(value, &text);
            token = token || find_token(r->in, text.data);
            detail = detail || find_detail(r->in, text.data);
        }
    }
}

/* ---- reports ---- */

static const char *without_type(const char *value) /* "rfc822; a@b" */
{
    const char *semicolon = strchr(value, ';');

    if (!semicolon)
        return value;
    semicolon++;
    return semicolon + strspn(semicolon, " ");
}

static void read_recipient(struct reading *r, struct mime_slice group)
{
    struct rh_mail_reported *reported;
    const char *original, *final;

    if (!has_field(group, "Final-Recipient") && !has_field(group, "Original-Recipient"))
        return; /* about the message as a whole */
    if (r->in->reported_count == RH_MAIL_REPORTED_MAX)
        return;
    reported = &r->in->reported[r->in->reported_count++];
    original = without_type(field_of(r, group, "Original-Recipient"));
    final = without_type(field_of(r, group, "Final-Recipient"));
    reported->recipient = *original ? original : final;
    reported->action = field_of(r, group, "Action");
    reported->status = field_of(r, group, "Status");
    reported->diagnostic = without_type(field_of(r, group, "Diagnostic-Code"));
}

/* Groups of fields, parted by empty lines (RFC 3464, 2.1). */
static void read_report(struct reading *r, const struct mime_entity *part)
{
    rh_auto_str(body, RH_MAIL_IN_TEXT_MAX);
    struct mime_entity rest;

    mime_body_of(part, false, &body);
    rest = mime_entity_of(body.data, body.length);
    while (rest.header.length > 0 || rest.body.length > 0) {
        read_recipient(r, rest.header);
        rest = mime_entity_of(rest.body.text, rest.body.length);
    }
}

/* The mail that came back, whole or its headers: which of ours was it? */
static void read_returned(struct reading *r, const struct mime_entity *part)
{
    rh_auto_str(body, RH_MAIL_IN_TEXT_MAX * 4);
    struct mime_entity returned;

    mime_body_of(part, false, &body);
    returned = mime_entity_of(body.data, body.length);
    if (!*r->in->returned_id)
        r->in->returned_id = last_id(r, field_of(r, returned.header, "Message-ID"));
    if (!r->in->token[0])
        (void)find_token(r->in, field_of(r, returned.header, "Return-Path"));
}

/* ---- parts ---- */

static void keep_calendar(struct reading *r, const struct mime_entity *part)
{
    rh_auto_str(bytes, RH_MAIL_IN_PART_MAX);

    if (r->in->calendar)
        return; /* Google sends it twice */
    mime_body_of(part, true, &bytes);
    if (bytes.failed || !bytes.length || !strcasestr(bytes.data, "BEGIN:VCALENDAR"))
        return;
    r->in->calendar = keep(r, bytes.data, bytes.length);
    r->in->calendar_length = bytes.length;
}

static bool read_part(void *context, const struct mime_entity *part, const char *type, int depth)
{
    struct reading *r = context;

    (void)depth;
    if (r->is_report && (strcmp(type, "message/delivery-status") == 0 ||
                         strcmp(type, "message/global-delivery-status") == 0))
        read_report(r, part);
    else if (strcmp(type, "message/rfc822") == 0 || strcmp(type, "text/rfc822-headers") == 0 ||
             strcmp(type, "message/rfc822-headers") == 0)
        read_returned(r, part);
    else if (strcmp(type, "text/calendar") == 0 || strcmp(type, "application/ics") == 0)
        keep_calendar(r, part);
    else if (strcmp(type, "text/plain") == 0 && r->text.length == 0)
        mime_body_of(part, true, &r->text);
    else if (strcmp(type, "text/html") == 0 && r->html.length == 0)
        mime_body_of(part, true, &r->html);
    return true;
}

/* Enough of HTML's text to see what a person wrote; it is shown as text, never as HTML. */
static void put_text_of_html(const char *html, struct rh_str *out)
{
    static const struct {
        const char *entity, *text;
    } entities[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},   {"&quot;", "\""},
                    {"&nbsp;", " "},  {"&auml;", "ä"}, {"&ouml;", "ö"}, {"&uuml;", "ü"},
                    {"&szlig;", "ß"}, {"&Auml;", "Ä"}, {"&Ouml;", "Ö"}, {"&Uuml;", "Ü"}};

    while (*html) {
        if (*html == '<') {
            const char *end = strchr(html, '>');

            if (strncasecmp(html, "<style", 6) == 0 || strncasecmp(html, "<script", 7) == 0) {
                const char *close = strstr(html, "</");

                end = close ? strchr(close, '>') : NULL;
            } else if (strncasecmp(html, "<br", 3) == 0 || strncasecmp(html, "</p", 3) == 0 ||
                       strncasecmp(html, "</div", 5) == 0)
                rh_str_add_char(out, '\n');
            if (!end)
                return;
            html = end + 1;
            continue;
        }
        if (*html == '&') {
            size_t e = 0, count = sizeof(entities) / sizeof(entities[0]);

            while (e < count && strncmp(html, entities[e].entity, strlen(entities[e].entity)) != 0)
                e++;
            if (e < count) {
                rh_str_add(out, entities[e].text);
                html += strlen(entities[e].entity);
                continue;
            }
        }
        rh_str_add_char(out, *html++);
    }
}

/* What is shown: line ends as LF, no other control characters, cut between characters. */
static const char *shown_text(struct reading *r)
{
    rh_auto_str(plain, RH_MAIL_IN_TEXT_MAX * 2);
    const char *source;
    size_t length = 0;

    if (r->text.length == 0)
        put_text_of_html(r->html.data, &plain);
    source = r->text.length ? r->text.data : plain.data;
    {
        rh_auto_str(clean, RH_MAIL_IN_TEXT_MAX * 2);

        for (; *source; source++)
            if ((unsigned char)*source >= 0x20 ? *source != 0x7f
                                               : *source == '\n' || *source == '\t')
                rh_str_add_char(&clean, *source);
        length = clean.length < RH_MAIL_IN_TEXT_MAX ? clean.length : RH_MAIL_IN_TEXT_MAX;
        length = rh_text_valid_span(clean.data, length);
        return keep(r, clean.data, length);
    }
}

/* ---- what it is ---- */

static bool is_automatic(struct reading *r, struct mime_slice header)
{
    const char *submitted = field_of(r, header, "Auto-Submitted");
    const char *precedence = field_of(r, header, "Precedence");
    const char *path = field_of(r, header, "Return-Path");

    return (*submitted && strncasecmp(submitted, "no", 2) != 0) ||
           has_field(header, "X-Autoreply") || has_field(header, "X-Autorespond") ||
           has_field(header, "X-Auto-Response-Suppress") ||
           strcasecmp(precedence, "auto_reply") == 0 || strcasecmp(precedence, "junk") == 0 ||
           strcasecmp(precedence, "bulk") == 0 || strcmp(path, "<>") == 0;
}

static enum rh_mail_sort sort_of(struct reading *r, struct mime_slice header)
{
    if (r->is_report)
        return RH_MAIL_SORT_REPORT;
    if (r->in->calendar && strcasestr(r->in->calendar, "METHOD:"))
        return RH_MAIL_SORT_CALENDAR;
    if (r->in->token[0] && strcasecmp(r->in->subject, "unsubscribe") == 0)
        return RH_MAIL_SORT_UNSUBSCRIBE;
    return is_automatic(r, header) ? RH_MAIL_SORT_AUTOMATIC : RH_MAIL_SORT_HUMAN;
}

static bool is_report(struct mime_slice header)
{
    char type[MIME_TYPE_MAX], report[40];

    mime_type_of(header, type);
    mime_parameter_of(header, "report-type", report, sizeof(report));
    return strcmp(type, "multipart/report") == 0 &&
           (strcasecmp(report, "delivery-status") == 0 ||
            strcasecmp(report, "global-delivery-status") == 0);
}

int32_t rh_mail_read(const char *bytes, size_t length, struct rh_arena *arena,
                     struct rh_mail_in *ret_in, struct rh_err *err)
{
    struct mime_entity message;
    struct reading r = {.arena = arena, .in = ret_in};

    if (length > RH_MAIL_IN_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "die eingegangene Mail hat mehr als %zu Bytes",
                          "the mail that came in has more than %zu bytes", RH_MAIL_IN_MAX);
    memset(ret_in, 0, sizeof(*ret_in));
    rh_str_init(&r.text, RH_MAIL_IN_TEXT_MAX * 2);
    rh_str_init(&r.html, RH_MAIL_IN_TEXT_MAX * 8);
    message = mime_entity_of(bytes, length);
    ret_in->returned_id = "";
    ret_in->message_id = last_id(&r, field_of(&r, message.header, "Message-ID"));
    ret_in->subject = field_of(&r, message.header, "Subject");
    ret_in->date = field_of(&r, message.header, "Date");
    mailbox_of(&r, field_of(&r, message.header, "From"), &ret_in->from, &ret_in->from_name);
    ret_in->answers[0] = last_id(&r, field_of(&r, message.header, "In-Reply-To"));
    ret_in->answers[1] = last_id(&r, field_of(&r, message.header, "References"));
    read_token(&r, message.header);
    r.is_report = is_report(message.header);
    mime_walk(&message, read_part, &r);
    ret_in->text = shown_text(&r);
    ret_in->sort = sort_of(&r, message.header);
    rh_str_fini(&r.text);
    rh_str_fini(&r.html);
    return r.out_of_memory ? rh_err_nomem(err) : 0;
}

const char *rh_mail_sort_name(enum rh_mail_sort sort)
{
    static const char *const names[] = {"report", "calendar", "unsubscribe", "automatic", "human"};

    return names[sort];
}

/* ---- bounces ---- */

const char *rh_mail_bounce_name(enum rh_mail_bounce bounce)
{
    static const char *const names[] = {"none", "hard", "soft", "policy", "other"};

    return names[bounce];
}

static enum rh_mail_bounce bounce_of_status(const char *status)
{
    if (status[0] == '4')
        return RH_MAIL_BOUNCE_SOFT;
    if (strncmp(status, "5.7", 3) == 0 || strncmp(status, "5.1.7", 5) == 0 ||
        strncmp(status, "5.1.8", 5) == 0) /* the last two: it is our own address they mind */
        return RH_MAIL_BOUNCE_POLICY;
    if (strncmp(status, "5.2.1", 5) == 0 || strncmp(status, "5.1.", 4) == 0)
        return RH_MAIL_BOUNCE_HARD;
    if (strncmp(status, "5.2.", 4) == 0)
        return RH_MAIL_BOUNCE_SOFT; /* full, too large, … */
    if (strncmp(status, "5.0", 3) == 0)
        return RH_MAIL_BOUNCE_HARD; /* no more said than "permanent" */
    return RH_MAIL_BOUNCE_OTHER;
}

enum rh_mail_bounce rh_mail_bounce_of(const char *action, const char *status)
{
    if (*action && strncasecmp(action, "failed", 6) != 0)
        return RH_MAIL_BOUNCE_NONE;
    return bounce_of_status(*status ? status : "5.0.0");
}

enum rh_mail_bounce rh_mail_bounce_of_reply(const char *reply)
{
    if (reply[0] == '4')
        return RH_MAIL_BOUNCE_SOFT;
    if (reply[0] != '5')
        return RH_MAIL_BOUNCE_OTHER;
    if (strlen(reply) > 8 && reply[4] == '5' && reply[5] == '.')
        return bounce_of_status(reply + 4);
    /* Without an enhanced code: RFC 5321, 4.2.3. */
    if (strncmp(reply, "550", 3) == 0 || strncmp(reply, "551", 3) == 0 ||
        strncmp(reply, "553", 3) == 0)
        return RH_MAIL_BOUNCE_HARD;
    return strncmp(reply, "552", 3) == 0 ? RH_MAIL_BOUNCE_SOFT : RH_MAIL_BOUNCE_OTHER;
}
