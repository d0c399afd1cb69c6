/* The descriptor of this room: what people can do with mail, as tables. */
#include "core/post/post.h"

#include "core/mail/schema.h"
#include "core/post/internal.h"
#include "core/post/pages/addresses.mustache.h"
#include "core/post/pages/history.mustache.h"
#include "core/post/pages/inbound.mustache.h"
#include "core/post/pages/letter.mustache.h"
#include "core/post/pages/mail.mustache.h"
#include "core/post/pages/mails.mustache.h"
#include "core/post/pages/post.css.h"
#include "core/post/settings.h"
#include "reihum/plugin.h"

/* A row a line, whatever the formatter thinks of it. */
/* clang-format off */

#define ID_PARAM(de, en) {"id", RH_TYPE_INT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .min = 1, .max = INT64_MAX, .help = {de, en}}
#define LIMIT_PARAM {"limit", RH_TYPE_INT, .fallback = "100", .min = 1, .max = 100000, .help = {"höchstens so viele", "at most so many"}}

static const struct rh_param list_params[] = {
    {"state", RH_TYPE_CHOICE, .choices = "queued|sending|sent|held|failed|dropped|all",
     .help = {"nur in diesem Zustand; sonst alle, die noch nicht hinaus sind", "in this state only; else all that have not left yet"}},
    {"about", RH_TYPE_TEXT, .help = {"nur zu diesem Verfahren", "about this procedure only"}},
    {"to", RH_TYPE_TEXT, .help = {"nur an diese Adresse", "to this address only"}},
    {"kind", RH_TYPE_TEXT, .help = {"nur dieser Art, z. B. mail.test", "of this kind only, as in mail.test"}},
    LIMIT_PARAM,
};
static const struct rh_column mail_columns[] = {
    {"id", RH_TYPE_INT, 0, {"Nummer", "Number"}},
    {"state", RH_TYPE_TEXT, 0, {"Zustand", "State"}},
    {"recipient", RH_TYPE_TEXT, 0, {"An", "To"}},
    {"subject", RH_TYPE_TEXT, 0, {"Betreff", "Subject"}},
    {"kind", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Art", "Kind"}},
    {"about", RH_TYPE_TEXT, 0, {"Verfahren", "Procedure"}},
    {"at", RH_TYPE_TEXT, 0, {"gesendet oder fällig (UTC)", "Sent or due (UTC)"}},
    {"attempts", RH_TYPE_INT, 0, {"Versuche", "Attempts"}},
    {"reason", RH_TYPE_TEXT, 0, {"Warum", "Why"}},
    {"reply", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Antwort des Servers", "Reply of the server"}},
    {"bounced", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"zurückgekommen", "Bounced"}},
    {"copy", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"Kopie", "Copy"}},
    {"formal", RH_TYPE_FLAG, RH_COLUMN_WIDE, {"förmlich", "Formal"}},
    {"key", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Schlüssel", "Key"}},
    {"message_id", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Message-ID", "Message-ID"}},
    {"created", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"angelegt (UTC)", "Created (UTC)"}},
    {".text", RH_TYPE_TEXT, 0, {"Text", "Text"}},
    {".source", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Quelltext", "Source"}},
    {"state=queued", RH_TYPE_TEXT, 0, {"wartet", "queued"}},
    {"state=sending", RH_TYPE_TEXT, 0, {"wird gesendet", "being sent"}},
    {"state=sent", RH_TYPE_TEXT, 0, {"gesendet", "sent"}},
    {"state=held", RH_TYPE_TEXT, 0, {"angehalten", "held"}},
    {"state=failed", RH_TYPE_TEXT, 0, {"gescheitert", "failed"}},
    {"state=dropped", RH_TYPE_TEXT, 0, {"verworfen", "dropped"}},
    {"bounced=hard", RH_TYPE_TEXT, 0, {"Adresse gibt es nicht", "no such address"}},
    {"bounced=soft", RH_TYPE_TEXT, 0, {"zurzeit nicht erreichbar", "not reachable at present"}},
    {"bounced=policy", RH_TYPE_TEXT, 0, {"unsere Mail ist dort nicht erwünscht", "our mail is not wanted there"}},
    {"bounced=other", RH_TYPE_TEXT, 0, {"anderer Grund", "another reason"}},
};
static const struct rh_param id_params[] = {ID_PARAM("Nummer der Mail", "number of the mail")};
static const struct rh_param reason_params[] = {
    ID_PARAM("Nummer der Mail", "number of the mail"),
    {"reason", RH_TYPE_TEXT, .help = {"warum", "why"}},
};
static const struct rh_column history_columns[] = {
    {"at", RH_TYPE_TEXT, 0, {"Zeit (UTC)", "Time (UTC)"}},
    {"what", RH_TYPE_TEXT, 0, {"Was", "What"}},
    {"who", RH_TYPE_TEXT, 0, {"Wer", "Who"}},
    {"reply", RH_TYPE_TEXT, 0, {"Antwort", "Reply"}},
    {"what=stored", RH_TYPE_TEXT, 0, {"angelegt", "stored"}},
    {"what=sent", RH_TYPE_TEXT, 0, {"gesendet", "sent"}},
    {"what=later", RH_TYPE_TEXT, 0, {"später noch einmal", "once more later"}},
    {"what=refused", RH_TYPE_TEXT, 0, {"abgelehnt", "refused"}},
    {"what=unsure", RH_TYPE_TEXT, 0, {"ungewiss, ob sie ankam", "unsure whether it arrived"}},
    {"what=held", RH_TYPE_TEXT, 0, {"angehalten", "held"}},
    {"what=released", RH_TYPE_TEXT, 0, {"freigegeben", "released"}},
    {"what=dropped", RH_TYPE_TEXT, 0, {"verworfen", "dropped"}},
    {"what=retried", RH_TYPE_TEXT, 0, {"erneut versucht", "tried again"}},
    {"what=failed", RH_TYPE_TEXT, 0, {"gescheitert; Aufgabe für Menschen", "failed; a task for people"}},
    {"what=answer: report", RH_TYPE_TEXT, 0, {"kam zurück", "came back"}},
    {"what=answer: human", RH_TYPE_TEXT, 0, {"Antwort", "answer"}},
    {"what=answer: automatic", RH_TYPE_TEXT, 0, {"automatische Antwort", "automatic answer"}},
    {"what=answer: calendar", RH_TYPE_TEXT, 0, {"Antwort eines Kalenders", "answer of a calendar"}},
    {"what=answer: unsubscribe", RH_TYPE_TEXT, 0, {"abbestellt", "unsubscribed"}},
};
static const struct rh_param test_params[] = {
    {"to", RH_TYPE_TEXT, RH_PARAM_REQUIRED, .help = {"Adresse, an die die Probe geht", "address that the test goes to"}},
};
static const struct rh_column test_columns[] = {{".id", RH_TYPE_INT, 0, {"Nummer", "Number"}}};
static const struct rh_column template_columns[] = {
    {"name", RH_TYPE_TEXT, 0, {"Vorlage", "Template"}},
    {"subject", RH_TYPE_TEXT, 0, {"Betreff im Beispiel", "Subject in the sample"}},
    {"html", RH_TYPE_FLAG, 0, {"auch HTML", "HTML too"}},
};
static const struct rh_param preview_params[] = {
    {"template", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"Name der Vorlage", "name of the template"}},
    {"fields", RH_TYPE_FILE, .help = {"JSON-Datei mit den Feldern; sonst das Beispiel neben der Vorlage",
                                      "JSON file with the fields; otherwise the sample beside the template"}},
};
static const struct rh_column preview_columns[] = {
    {".subject", RH_TYPE_TEXT, 0, {"Betreff", "Subject"}},
    {".text", RH_TYPE_TEXT, 0, {"Text", "Text"}},
    {".html", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"HTML", "HTML"}},
};
static const struct rh_column status_columns[] = {
    {"state", RH_TYPE_TEXT, 0, {"Zustand", "State"}},
    {"number", RH_TYPE_INT, 0, {"Mails", "Mails"}},
    {"first", RH_TYPE_TEXT, 0, {"früheste (UTC)", "Earliest (UTC)"}},
    {".transport", RH_TYPE_TEXT, 0, {"Weg", "Transport"}},
    {".from", RH_TYPE_TEXT, 0, {"Absender", "From"}},
    {".bounce", RH_TYPE_TEXT, 0, {"Unzustellbares an", "Bounces to"}},
    {".smtp_host", RH_TYPE_TEXT, 0, {"Mailserver", "Mail server"}},
    {".imap_host", RH_TYPE_TEXT, 0, {"Postfach bei", "Mailbox at"}},
    {"state=queued", RH_TYPE_TEXT, 0, {"wartet", "queued"}},
    {"state=sending", RH_TYPE_TEXT, 0, {"wird gesendet", "being sent"}},
    {"state=sent", RH_TYPE_TEXT, 0, {"gesendet", "sent"}},
    {"state=held", RH_TYPE_TEXT, 0, {"angehalten", "held"}},
    {"state=failed", RH_TYPE_TEXT, 0, {"gescheitert", "failed"}},
    {"state=dropped", RH_TYPE_TEXT, 0, {"verworfen", "dropped"}},
};
static const struct rh_column address_columns[] = {
    {"address", RH_TYPE_TEXT, 0, {"Adresse", "Address"}},
    {"state", RH_TYPE_TEXT, 0, {"Zustand", "State"}},
    {"reason", RH_TYPE_TEXT, 0, {"Ihr Server sagte", "Its server said"}},
    {"since", RH_TYPE_TEXT, 0, {"seit (UTC)", "Since (UTC)"}},
    {"state=warned", RH_TYPE_TEXT, 0, {"mehrmals nicht erreichbar", "not reachable several times"}},
    {"state=refused", RH_TYPE_TEXT, 0, {"nimmt keine Mail an", "takes no mail"}},
};
static const struct rh_param address_params[] = {
    {"address", RH_TYPE_TEXT, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {"die Adresse", "the address"}},
};
static const struct rh_param inbound_params[] = {
    {"sort", RH_TYPE_CHOICE, .choices = "report|calendar|unsubscribe|automatic|human|unreadable",
     .help = {"nur diese Sorte", "of this sort only"}},
    {"about", RH_TYPE_TEXT, .help = {"nur zu diesem Verfahren", "about this procedure only"}},
    {"all", RH_TYPE_FLAG, .help = {"auch erledigte", "those done too"}},
    LIMIT_PARAM,
};
static const struct rh_param inbound_id_params[] = {ID_PARAM("Nummer des Eingangs", "number of the inbound mail")};
static const struct rh_column inbound_columns[] = {
    {"id", RH_TYPE_INT, 0, {"Nummer", "Number"}},
    {"received", RH_TYPE_TEXT, 0, {"gelesen (UTC)", "Read (UTC)"}},
    {"sort", RH_TYPE_TEXT, 0, {"Sorte", "Sort"}},
    {"from_address", RH_TYPE_TEXT, 0, {"Von", "From"}},
    {"from_name", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Name", "Name"}},
    {"subject", RH_TYPE_TEXT, 0, {"Betreff", "Subject"}},
    {"mail", RH_TYPE_INT, 0, {"zu Mail", "On mail"}},
    {"about", RH_TYPE_TEXT, 0, {"Verfahren", "Procedure"}},
    {"done", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"erledigt (UTC)", "Done (UTC)"}},
    {".text", RH_TYPE_TEXT, 0, {"Text", "Text"}},
    {"sort=report", RH_TYPE_TEXT, 0, {"unzustellbar", "delivery report"}},
    {"sort=calendar", RH_TYPE_TEXT, 0, {"Kalender", "calendar"}},
    {"sort=unsubscribe", RH_TYPE_TEXT, 0, {"Abbestellung", "unsubscribe"}},
    {"sort=automatic", RH_TYPE_TEXT, 0, {"automatisch", "automatic"}},
    {"sort=human", RH_TYPE_TEXT, 0, {"Antwort", "answer"}},
    {"sort=unreadable", RH_TYPE_TEXT, 0, {"nicht lesbar", "unreadable"}},
};

static const struct rh_operation operations[] = {
    {.name = "mail list", .kind = RH_READ,
     .help = {"zeigt, welche Mails warten, hängen oder hinaus sind", "show which mails wait, are stuck or have left"},
     .detail = {"Jede Mail ist gespeichert, bevor sie gesendet wird, und geht so lange hinaus, bis klar ist, was aus ihr wurde. "
                "Was 'gescheitert' oder 'angehalten' ist, braucht einen Menschen.",
                "Each mail is stored before it is sent, and sent until it is known what became of it. What is 'failed' or 'held' "
                "needs a person."},
     .params = RH_ROWS(list_params), .columns = RH_ROWS(mail_columns), .run = post_mail_list},
    {.name = "mail show", .kind = RH_READ,
     .help = {"zeigt eine Mail, wie sie hinausgeht", "show a mail as it is sent"}, .detail = {"", ""},
     .params = RH_ROWS(id_params), .columns = RH_ROWS(mail_columns), .run = post_mail_show},
    {.name = "mail history", .kind = RH_READ,
     .help = {"zeigt, was mit einer Mail geschah", "show what happened to a mail"}, .detail = {"", ""},
     .params = RH_ROWS(id_params), .columns = RH_ROWS(history_columns), .run = post_mail_history},
    {.name = "mail hold", .kind = RH_WRITE,
     .help = {"hält eine wartende Mail an", "hold a queued mail"}, .detail = {"", ""},
     .params = RH_ROWS(reason_params), .columns = RH_ROWS(mail_columns), .run = post_mail_hold},
    {.name = "mail release", .kind = RH_WRITE,
     .help = {"gibt eine angehaltene Mail frei", "release a held mail"}, .detail = {"", ""},
     .params = RH_ROWS(id_params), .columns = RH_ROWS(mail_columns), .run = post_mail_release},
    {.name = "mail drop", .kind = RH_WRITE,
     .help = {"verwirft eine Mail, die noch nicht hinaus ist", "drop a mail that has not left yet"},
     .detail = {"Was schon gesendet ist, lässt sich nicht zurückholen.", "What was sent already cannot be called back."},
     .params = RH_ROWS(reason_params), .columns = RH_ROWS(mail_columns), .run = post_mail_drop},
    {.name = "mail retry", .kind = RH_WRITE,
     .help = {"versucht eine gescheiterte oder aufgeschobene Mail jetzt", "try a failed or postponed mail now"}, .detail = {"", ""},
     .params = RH_ROWS(id_params), .columns = RH_ROWS(mail_columns), .run = post_mail_retry},
    {.name = "mail test", .kind = RH_WRITE,
     .help = {"schickt eine Probe", "send a test"},
     .detail = {"Sie geht denselben Weg wie alle Mails; gesendet wird sie vom laufenden Server.",
                "It goes the way of all mail; the running server sends it."},
     .params = RH_ROWS(test_params), .columns = RH_ROWS(test_columns), .run = post_mail_test},
    {.name = "mail status", .kind = RH_READ,
     .help = {"sagt, wohin Mails gehen und wie viele in welchem Zustand sind", "say where mail goes and how many are in which state"},
     .detail = {"", ""}, .columns = RH_ROWS(status_columns), .run = post_mail_status},
    {.name = "mail preview", .kind = RH_READ,
     .help = {"zeigt, was eine Vorlage sagt", "show what a template says"},
     .detail = {"Mit --lang de oder en; nichts wird gespeichert.", "With --lang de or en; nothing is stored."},
     .params = RH_ROWS(preview_params), .columns = RH_ROWS(preview_columns), .run = post_mail_preview},
    {.name = "mail template list", .kind = RH_READ,
     .help = {"zeigt die Mailvorlagen", "show the mail templates"}, .detail = {"", ""},
     .columns = RH_ROWS(template_columns), .run = post_template_list},
    {.name = "mail address list", .kind = RH_READ,
     .help = {"zeigt Adressen, die Mail nicht annahmen", "show addresses that did not take mail"}, .detail = {"", ""},
     .columns = RH_ROWS(address_columns), .run = post_address_list},
    {.name = "mail address clear", .kind = RH_WRITE,
     .help = {"lässt eine Adresse wieder gelten", "let an address count as fine again"}, .detail = {"", ""},
     .params = RH_ROWS(address_params), .run = post_address_clear},
    {.name = "mail inbound list", .kind = RH_READ,
     .help = {"zeigt Antworten und Unzustellbares", "show answers and what came back"}, .detail = {"", ""},
     .params = RH_ROWS(inbound_params), .columns = RH_ROWS(inbound_columns), .run = post_inbound_list},
    {.name = "mail inbound show", .kind = RH_READ,
     .help = {"zeigt eine eingegangene Mail", "show a mail that came in"}, .detail = {"", ""},
     .params = RH_ROWS(inbound_id_params), .columns = RH_ROWS(inbound_columns), .run = post_inbound_show},
    {.name = "mail inbound done", .kind = RH_WRITE,
     .help = {"hakt eine eingegangene Mail ab", "tick off a mail that came in"}, .detail = {"", ""},
     .params = RH_ROWS(inbound_id_params), .columns = RH_ROWS(inbound_columns), .run = post_inbound_done},
};

static const struct rh_job_kind jobs[] = {
    {.kind = "mail.failed", .run = post_failed_job},
    {.kind = "mail.received", .run = post_inbound_job},
};

static const struct rh_migration migrations[] = {
    {2, 0, "mail", rh_mail_schema_1},
    {6, 0, "mail to addresses of modules", rh_mail_schema_2},
};

static const struct rh_page pages[] = {
    {"/mail", "mail list", mails_mustache, {"Mails", "Mails"}, {"Mails", "Mails"}, 8, 0},
    {"/mail/{id}", "mail show", mail_mustache, {"Mail", "Mail"}, {NULL, NULL}, 0, 0},
    {"/mail/{id}/history", "mail history", history_mustache, {"Was mit der Mail geschah", "What happened to the mail"}, {NULL, NULL}, 0, 0},
    {"/inbound", "mail inbound list", inbound_mustache, {"Eingang", "Inbound mail"}, {NULL, NULL}, 0, 0},
    {"/inbound/{id}", "mail inbound show", letter_mustache, {"Eingegangene Mail", "Mail that came in"}, {NULL, NULL}, 0, 0},
    {"/addresses", "mail address list", addresses_mustache, {"Adressen, die Mail nicht annahmen", "Addresses that did not take mail"}, {NULL, NULL}, 0, 0},
};

static const struct rh_asset assets[] = {
    {"post.css", "text/css; charset=utf-8", post_css, sizeof(post_css) - 1},
};

/* clang-format on */

const struct rh_plugin rh_post_module = {
    RH_PLUGIN_HEAD("mail", "1.0.0"),
    .title = {"Mail", "Mail"},
    .operations = RH_ROWS(operations),
    .jobs = RH_ROWS(jobs),
    .pages = RH_ROWS(pages),
    .assets = RH_ROWS(assets),
    .config = RH_ROWS(rh_post_keys),
    .migrations = RH_ROWS(migrations),
    .start = post_start,
};
