/* Reading definitions: what ships, what is refused and in which words, what the version is made of.
 */
#include "tests/unit/process/world.h"

#include "core/base/alloc.h"

#define HEAD "process {\n title_de = \"T\"\n title_en = \"T\"\n}\n" /* four lines */
#define STEP(name, rest)                                                                           \
    "step " name                                                                                   \
    " {\n title_de = \"D\"\n title_en = \"E\"\n who = contact\n form = deadline\n" rest            \
    "}\n" /* five lines and the rest */
#define DUE "due = \"5 workdays after start\"\n"

static const struct refused {
    const char *text, *de, *en;
} refused[] = {
    {HEAD, "test.conf:1: kein Schritt steht darin", "there is no step"},
    {HEAD STEP("a", DUE "needs = { b }\n") STEP("b", DUE "needs = { a }\n"),
     "test.conf:11: ein Kreis: 'a' wartet auf sich selbst (a → b → a)", "a cycle: 'a' waits"},
    {HEAD STEP("a", DUE "needs = { a }\n"), "wartet auf sich selbst (a → a)", "(a → a)"},
    {HEAD STEP("a", "due = \"5 workdays after b\"\n") STEP("b", "due = \"5 workdays after a\"\n"),
     "test.conf:10: ein Kreis: der Tag von 'a' hängt von sich selbst ab (a → b → a)",
     "the day of 'a' depends on itself"},
    {HEAD STEP("kickoff", DUE) STEP("b", DUE "needs = { kickof }\n"),
     "test.conf:18: Schlüssel 'needs': den Schritt 'kickof' gibt es nicht (meinten Sie 'kickoff'?)",
     "there is no step 'kickof' (did you mean 'kickoff'?)"},
    {HEAD STEP("a", "due = \"5 workdays after zzz\"\n"),
     "den Schritt 'zzz' gibt es nicht; er braucht", "it needs a section step zzz"},
    {HEAD STEP("a", "due = \"5 workdays before start\"\n"),
     "test.conf:10: die Frist von 'a' liegt vor 'start', womit sie beginnt",
     "the deadline of 'a' is before 'start'"},
    {HEAD STEP("a", DUE) STEP("b", "due = \"1 days before a\"\nneeds = { a }\n"),
     "test.conf:17: die Frist von 'b' liegt vor 'a'", "the deadline of 'b' is before 'a'"},
    {HEAD STEP("a", DUE) STEP("b", "due = \"4 workdays after start\"\nneeds = { a }\n"),
     "die Frist von 'b' endet vor der von 'a'", "ends before that of 'a'"},
    {HEAD STEP("a", "due = \"5 workdays after start\"\nopen = \"6 workdays after start\"\n"),
     "test.conf:11: der Schritt 'a' öffnet erst nach seiner Frist",
     "opens only after its deadline"},
    {HEAD STEP("a", DUE) "chain c {\n rules = { }\n}\n", "test.conf:12: die Kette 'c' ist leer",
     "chain 'c' is empty"},
    {HEAD STEP("a", DUE) STEP("a", DUE), "test.conf:12: den Abschnitt 'a' gibt es schon in Zeile 5",
     "section 'a' is already in line 5"},
    {HEAD STEP("a", DUE "frist = 5\n"), "test.conf:11: unbekannter Schlüssel 'frist'",
     "unknown key 'frist'"},
    {HEAD STEP("a", DUE "remindd = c\n"), "meinten Sie 'remind'?", "did you mean 'remind'?"},
    {HEAD STEP("a", "due = \"5 Werktage after start\"\n"),
     "test.conf:10: Schlüssel 'due': die Einheit 'Werktage' gibt es nicht", "no unit 'Werktage'"},
    {HEAD STEP("a", "due = \"five workdays after start\"\n"), "'five' ist keine Zahl",
     "'five' is not a number"},
    {HEAD STEP("a", "due = \"5000 workdays after start\"\n"),
     "'5000' ist keine Zahl von 0 bis 1000", "not a number from 0 to 1000"},
    {HEAD STEP("a", "due = soon\n"), "'soon' heißt nichts", "'soon' means nothing"},
    {HEAD STEP("a", ""), "im Abschnitt 'step a' fehlt der Schlüssel 'due'",
     "section 'step a' lacks the key 'due'"},
    {HEAD STEP("a",
               DUE "remind = standart\n") "chain standard {\n rules = { \"on the day: actor, t\" "
                                          "}\n}\n",
     "die Kette 'standart' gibt es nicht (meinten Sie 'standard'?)", "did you mean 'standard'?"},
    {HEAD STEP("a", DUE) "chain c {\n rules = { \"3 weeks later: actor, t\" }\n}\n",
     "'3 weeks later' heißt nichts", "'3 weeks later' means nothing"},
    {HEAD STEP("a", DUE) "chain c {\n rules = { \"on the day: boss, t\" }\n}\n",
     "die Rolle 'boss' gibt es nicht", "there is no role 'boss'"},
    {HEAD STEP("a",
               DUE) "chain c {\n rules = { \"on the day: head, t\", \"on the day: head, u\" }\n}\n",
     "schreibt derselben Rolle zweimal zur selben Zeit", "writes to the same role twice"},
    {HEAD STEP("a", DUE) "chain c {\n rules = { \"on the day: head, t, loudly\" }\n}\n",
     "hier steht 'loudly'", "here is 'loudly'"},
    {HEAD STEP("a", DUE "when = fullmoon\n"), "'fullmoon' ist keine Bedingung", "not a condition"},
    {HEAD STEP("a", DUE "effort = { \"contact much\" }\n"), "'contact much' ist kein Aufwand",
     "not an effort"},
    {HEAD STEP("Start", DUE), "'Start' geht nicht als Name", "'Start' is not a name"},
    {HEAD STEP("start", DUE), "'start' geht nicht als Name", "'start' is not a name"},
    {HEAD STEP("a", DUE) "step {\n}\n", "nach 'step' kommt ein Name; hier steht '{'",
     "'step' is followed by a name"},
    {HEAD STEP("a", DUE) "steps {\n}\n", "den Abschnitt 'steps' gibt es nicht",
     "no section 'steps'"},
    {HEAD STEP("a", DUE) "date a {\n title_de = \"D\"\n title_en = \"E\"\n who = head\n}\n",
     "'a' ist schon der Name eines Schritts", "'a' is the name of a step already"},
    {HEAD STEP("a", DUE) "receipt r {\n title_de = \"D\"\n title_en = \"E\"\n step = a\n}\n",
     "der Schritt 'a' hat keine Belegliste", "step 'a' has no receipt list"},
    {HEAD "step a {\n title_de = \"D\"\n title_en = \"E\"\n who = head\n form = receipts\n " DUE
          "}\n",
     "dem Schritt 'a' fehlen seine Belege", "step 'a' lacks its receipts"},
    {HEAD "step a {\n title_de = \"D\"\n title_en = \"E\"\n who = head\n form = window\n " DUE
          "}\n",
     "einem Zeitfenster fehlt der Schlüssel 'open'", "a window lacks the key 'open'"},
    {HEAD STEP("a", DUE "at = 9:00\n"), "gehören nur zu einem Termin",
     "belong to an appointment only"},
    {"process {\n title_de = \"T\"\n title_en = \"T\"\n mail_from = 25:00\n}\n" STEP("a", DUE),
     "'25:00' ist keine Uhrzeit", "'25:00' is not a time"},
    {"process {\n title_de = \"T\"\n title_en = \"T\"\n mail_from = 17:00\n}\n" STEP("a", DUE),
     "liegt nicht nach 'mail_from'", "is not after 'mail_from'"},
    {"process {\n title_de = \"T\"\n title_en = \"T\"\n quiet = { 13-24..01-01 }\n}\n" STEP("a",
                                                                                            DUE),
     "'13-24..01-01' ist keine Ruhezeit", "is not a quiet period"},
    {STEP("a", DUE), "fehlt der Schlüssel 'title_de'", "lacks the key 'title_de'"},
    {"process {", "der Abschnitt", "the file ends here"},
};

static void what_is_wrong_is_refused_with_line_and_reason_in_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct rh_process_definition *definition = NULL;
        struct rh_err err = {0};
        bool grammar = i + 1 == sizeof(refused) / sizeof(refused[0]);
        int32_t rc = rh_process_definition_read(
            "test.conf", refused[i].text, strlen(refused[i].text), RH_DE, NULL, &definition, &err);

        if (rc != RH_EINVALID || strncmp(err.text[RH_DE], "test.conf:", 10) != 0 ||
            (!grammar && !strstr(err.text[RH_DE], refused[i].de)) ||
            !strstr(err.text[RH_EN], refused[i].en))
            fail_msg("case %zu: %d\n%s\n%s", i, rc, err.text[RH_DE], err.text[RH_EN]);
        assert_null(definition);
    }
}

static void all_faults_are_told_at_once(void **state)
{
    static const char text[] = HEAD STEP("a", DUE "needs = { x }\nremind = y\n")
        STEP("b", "due = \"1 fortnights after a\"\n");
    struct rh_process_definition *definition = NULL;
    rh_auto_str(faults, 4096);
    (void)state;

    assert_int_equal(rh_process_definition_read("test.conf", text, strlen(text), RH_EN, &faults,
                                                &definition, NULL),
                     RH_EINVALID);

    assert_non_null(strstr(faults.data, "test.conf:11: key 'needs'"));
    assert_non_null(strstr(faults.data, "test.conf:12: key 'remind'"));
    assert_non_null(strstr(faults.data, "test.conf:19: key 'due': there is no unit 'fortnights'"));
}

static void the_fifteen_steps_of_the_pilot_ship(void **state)
{
    static const char *const pilot[] = {
        "contact",    "kickoff",    "survey_before", "structure",    "cases",
        "pseudonyms", "evaluation", "participants",  "timeline",     "session",
        "draft",      "discussion", "report",        "presentation", "survey_after",
    };
    struct rh_process_definition *d = read_shipped();
    (void)state;

    for (size_t i = 0; i < sizeof(pilot) / sizeof(pilot[0]); i++)
        assert_true(rh_process_step_find(d, pilot[i]) >= 0);
    assert_string_equal(d->name, "qev-1");
    assert_int_equal(d->steps[rh_process_step_find(d, "structure")].receipt_count, 6);
    assert_int_equal(d->steps[rh_process_step_find(d, "cases")].draw, 2);
    assert_int_equal(d->steps[rh_process_step_find(d, "survey_before")].efforts[0].minutes, 20);
    assert_true(rh_process_step_find(d, "consulting") >= 0 &&
                rh_process_step_find(d, "follow_up") >= 0);
    rh_process_definition_free(d);
}

static void the_canonical_text_is_read_back_as_the_same_version(void **state)
{
    struct rh_process_definition *d = read_shipped(), *again;
    rh_auto_str(text, 1 << 20);
    (void)state;

    rh_process_definition_write(d, &text);
    again = read_definition(text.data);

    assert_string_equal(again->hash, d->hash);
    rh_process_definition_free(again);
    rh_process_definition_free(d);
}

static void comments_and_layout_make_no_new_version_but_a_day_does(void **state)
{
    struct rh_process_definition *a = read_definition(HEAD STEP("a", DUE));
    struct rh_process_definition *b = read_definition(
        "# new comment\n" HEAD STEP("a", "   due = \"5  workday  after start\" # x\n"));
    struct rh_process_definition *c =
        read_definition(HEAD STEP("a", "due = \"6 workdays after start\"\n"));
    (void)state;

    assert_string_equal(a->hash, b->hash);
    assert_string_not_equal(a->hash, c->hash);
    rh_process_definition_free(a);
    rh_process_definition_free(b);
    rh_process_definition_free(c);
}

static void more_steps_than_there_is_room_for_are_refused(void **state)
{
    struct rh_process_definition *definition = NULL;
    struct rh_err err = {0};
    rh_auto_str(text, 1 << 16);
    (void)state;

    rh_str_add(&text, HEAD);
    for (int i = 0; i <= RH_PROCESS_STEPS_MAX; i++)
        rh_str_printf(&text,
                      "step s%d { title_de = D title_en = E who = head form = deadline due = \"1 "
                      "days after start\" }\n",
                      i);
    assert_int_equal(rh_process_definition_read("test.conf", text.data, text.length, RH_DE, NULL,
                                                &definition, &err),
                     RH_EINVALID);

    assert_string_equal(err.text[RH_EN], "test.conf:69: more than 64 sections of this kind");
}

static void without_memory_reading_fails_and_loses_nothing(void **state)
{
    static const char text[] =
        HEAD STEP("a", DUE "remind = c\n") "chain c {\n rules = { \"on the day: actor, t\" }\n}\n";
    int32_t rc = RH_ENOMEM;
    (void)state;

    for (long n = 1; rc != 0; n++) {
        struct rh_process_definition *definition = NULL;
        struct rh_err err = {0};

        rh_alloc_fail_after(n, 1);
        rc = rh_process_definition_read("test.conf", text, strlen(text), RH_DE, NULL, &definition,
                                        &err);
        rh_alloc_fail_after(0, 0);
        assert_true(n < 1000);
        if (rc != 0) {
            assert_true(rc == RH_ENOMEM || rc == RH_ETOOLARGE);
            assert_null(definition);
        }
        rh_process_definition_free(definition);
    }
}

static void a_title_cannot_leave_its_place_in_the_picture(void **state)
{
    struct rh_process_definition *d = read_definition(
        HEAD
        "step a {\n title_de = \"</text><script>alert('x')</script> & so\"\n title_en = \"E\"\n"
        " who = contact\n form = deadline\n " DUE "}\n");
    rh_auto_str(svg, 1 << 20);
    (void)state;

    rh_process_picture(d, RH_DE, &svg);

    assert_int_equal(rh_str_check(&svg, NULL), 0);
    assert_null(strstr(svg.data, "<script"));
    assert_non_null(strstr(svg.data, "&lt;script&gt;alert(&#39;x&#39;)"));
    assert_non_null(strstr(svg.data, "&amp; so"));
    rh_process_definition_free(d);
}

static void the_pilot_is_told_in_sentences(void **state)
{
    struct rh_process_definition *d = read_shipped();
    rh_auto_str(de, 1 << 20);
    rh_auto_str(en, 1 << 20);
    (void)state;

    rh_process_prose(d, RH_DE, &de);
    rh_process_prose(d, RH_EN, &en);

    assert_non_null(strstr(de.data, "2. Auftaktgespräch\nEs handelt: Moderationsteam; dabei: "));
    assert_non_null(strstr(de.data, "Termin, spätestens 15 Arbeitstage nach „Kontakt, Termine und "
                                    "Basisinformationen“."));
    assert_non_null(strstr(de.data, "Ruhezeiten, in denen keine Frist endet und keine Erinnerung "
                                    "hinausgeht: 24. Dezember bis 1. Januar, alle Schulferien."));
    assert_non_null(
        strstr(de.data, "Belege: Amtliche Statistik; Kinder- und Jugendhilfestatistik"));
    assert_non_null(strstr(en.data, "10. Analysis session\nWho acts: team of moderators"));
    assert_non_null(strstr(en.data, "from 9:00 to 16:00"));
    rh_process_definition_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_refused_with_line_and_reason_in_both_languages),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(the_fifteen_steps_of_the_pilot_ship),
        cmocka_unit_test(the_canonical_text_is_read_back_as_the_same_version),
        cmocka_unit_test(comments_and_layout_make_no_new_version_but_a_day_does),
        cmocka_unit_test(more_steps_than_there_is_room_for_are_refused),
        cmocka_unit_test(without_memory_reading_fails_and_loses_nothing),
        cmocka_unit_test(a_title_cannot_leave_its_place_in_the_picture),
        cmocka_unit_test(the_pilot_is_told_in_sentences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
