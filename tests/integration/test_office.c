/* The register on a real database: what planners import, look up, close and ask, in both languages.
 */
#include "tests/integration/world.h"

#include <inttypes.h>

static struct world *w;

static int set_up(void **state)
{
    (void)state;
    w = world_open("");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(w);
    return 0;
}

#define OFFICES "@config/nrw/offices.csv"
#define HEAD    "=id,name,kind,region,ags,population,latitude,longitude\n"
#define LEMGO   "lemgo,Stadt Lemgo,city,LWL,05766044,40696,52.02785,8.90136\n"
#define LIPPE   "kreis-lippe,Kreis Lippe,district,LWL,05766,341250,51.93,8.87\n"

static void import(const char *file)
{
    must(w, "office import", "file", file);
}

/* The last that the event log says about the subject. */
static const json_t *newest_event(const char *topic, const char *subject)
{
    must(w, "event list", "topic", topic, "subject", subject);
    assert_true(item_count(w) > 0);
    return json_array_get(items(w), item_count(w) - 1);
}

static void assert_offices(size_t count)
{
    must(w, "office list");
    assert_int_equal(item_count(w), count);
}

/* ---- import: the difference ---- */

static void the_shipped_register_comes_in_whole_and_once(void **state)
{
    (void)state;

    import(OFFICES);
    assert_int_equal(number(w, "new"), 186);
    assert_int_equal(number(w, "changed"), 0);
    assert_true(says(w, "186 neu, 0 geändert, 0 nicht in der Datei"));
    assert_string_equal(text_of(item(w, "id", "lemgo"), "change"), "new");

    import(OFFICES);
    assert_int_equal(number(w, "new"), 0);
    assert_int_equal(number(w, "changed"), 0);
    assert_int_equal(item_count(w), 0);
    assert_offices(186);
}

static void a_dry_run_shows_everything_and_writes_nothing(void **state)
{
    (void)state;

    must(w, "office import", "file", OFFICES, "dry-run", "yes");

    assert_int_equal(number(w, "new"), 186);
    assert_int_equal(item_count(w), 186);
    assert_offices(0);
    must(w, "event list");
    assert_int_equal(item_count(w), 0);
}

static void a_change_says_what_was_and_what_is(void **state)
{
    (void)state;
    import(HEAD LEMGO LIPPE);

    import(HEAD "lemgo,Alte Hansestadt Lemgo,city,LWL,05766044,41000,52.02785,8.90136\n" LIPPE);

    assert_int_equal(number(w, "changed"), 1);
    assert_string_equal(text_of(item(w, "id", "lemgo"), "details"),
                        "name Stadt Lemgo → Alte Hansestadt Lemgo, short_name Lemgo → Alte "
                        "Hansesta, population 40696 → 41000");
    must(w, "office show", "office", "lemgo");
    assert_int_equal(number(w, "population"), 41000);
}

static void the_event_keeps_what_was_before_and_after(void **state)
{
    const json_t *event;
    (void)state;
    import(HEAD LEMGO);
    import(HEAD "lemgo,Stadt Lemgo,city,LWL,05766044,41000,52.02785,8.90136\n");

    event = newest_event("office.changed", "lemgo");

    assert_says(text_of(event, "before"), "\"population\":40696");
    assert_says(text_of(event, "after"), "\"population\":41000");
    assert_string_equal(text_of(event, "actor"), "test");
    assert_string_equal(text_of(newest_event("office.added", "lemgo"), "before"), "");
}

static void what_is_missing_stays_unless_closing_was_asked_for(void **state)
{
    (void)state;
    import(HEAD LEMGO LIPPE);

    import(HEAD LIPPE);
    assert_int_equal(number(w, "gone"), 1);
    assert_string_equal(text_of(item(w, "change", "gone"), "id"), "lemgo");
    assert_true(says(w, "--close-missing"));
    assert_offices(2);

    must(w, "office import", "file", HEAD LIPPE, "close-missing", "yes");
    assert_int_equal(number(w, "gone"), 1);
    assert_offices(1);
    must(w, "office show", "office", "lemgo");
    assert_string_equal(text(w, "closed"), "2026-11-22");

    import(HEAD LEMGO LIPPE); /* it is back: open again, with its history */
    assert_string_equal(text_of(item(w, "id", "lemgo"), "details"), "closed 2026-11-22 → -");
    assert_offices(2);
    must(w, "office history", "office", "lemgo");
    assert_int_equal(item_count(w), 3);
}

/* What a header without rows once did: it closed the whole register. */
static void an_empty_file_does_not_close_the_register(void **state)
{
    (void)state;
    import(HEAD LEMGO);

    refused(w, RH_EINVALID, "test.csv: die Datei enthält kein Jugendamt",
            "test.csv: the file holds no office", "office import", "file", HEAD, "close-missing",
            "yes");

    assert_offices(1);
}

static void names_and_keys_may_change_places(void **state)
{
    (void)state;
    import(HEAD LEMGO "ahaus,Stadt Ahaus,city,LWL,05554004,39000,52.07,7.01\n");

    import(HEAD "lemgo,Stadt Ahaus,city,LWL,05554004,40696,52.02785,8.90136\n"
                "ahaus,Stadt Lemgo,city,LWL,05766044,39000,52.07,7.01\n");

    assert_int_equal(number(w, "changed"), 2);
    must(w, "office show", "office", "ahaus");
    assert_string_equal(text(w, "name"), "Stadt Lemgo");
}

/* ---- import: faults ---- */

static void every_bad_value_is_named_with_line_column_and_remedy(void **state)
{
    static const struct {
        const char *row, *de, *en;
    } cases[] = {
        {"Lemgo,Stadt Lemgo,city,LWL,05766044,40696,52.0,8.9",
         "test.csv, Zeile 2, Spalte 'id': eine Kennung fehlt oder ist keine",
         "test.csv, line 2, column 'id': an id is missing or not valid"},
        {",Stadt Lemgo,city,LWL,05766044,40696,52.0,8.9", "Spalte 'id'", "'kreis-lippe'"},
        {"lemgo,,city,LWL,05766044,40696,52.0,8.9", "Spalte 'name': der Name fehlt",
         "column 'name': the name is missing"},
        {"lemgo,Stadt Lemgo,Dorf,LWL,05766044,40696,52.0,8.9",
         "Spalte 'kind': 'Dorf' ist keine Art; erlaubt sind city (Stadt) und district (Kreis)",
         "column 'kind': 'Dorf' is not a kind"},
        {"lemgo,Stadt Lemgo,city,Lippe,05766044,40696,52.0,8.9",
         "Spalte 'region': 'Lippe' ist kein Landesteil; erlaubt sind LVR und LWL",
         "column 'region': 'Lippe' is not a region"},
        {"lemgo,Stadt Lemgo,city,LWL,,40696,52.0,8.9",
         "Spalte 'ags': der amtliche Schlüssel fehlt (8 Ziffern)",
         "column 'ags': the official key is missing (8 digits)"},
        {"lemgo,Stadt Lemgo,city,LWL,05766,40696,52.0,8.9", "'05766' hat 5 Ziffern",
         "'05766' has 5 digits"},
        {"lemgo,Stadt Lemgo,city,LWL,0576604X,40696,52.0,8.9", "Spalte 'ags'", "column 'ags'"},
        {"lemgo,Stadt Lemgo,city,LWL,05766044,,52.0,8.9", "die Einwohnerzahl fehlt",
         "the population is missing"},
        {"lemgo,Stadt Lemgo,city,LWL,05766044,viele,52.0,8.9",
         "Zeile 2, Spalte 'population': 'viele'", "line 2, column 'population': 'viele'"},
        {"lemgo,Stadt Lemgo,city,LWL,05766044,0,52.0,8.9", "Spalte 'population'",
         "column 'population'"},
        {"lemgo,Stadt Lemgo,city,LWL,05766044,40696,8.9,52.0", "Spalte 'latitude'",
         "column 'latitude'"},
        {"lemgo,Stadt Lemgo,city,LWL,05766044,40696,52.0,", "der Längengrad fehlt",
         "the longitude is missing"},
        {"lemgo,Stadt Lemgo,city,LWL,05766044,40696,52.0,8.9,zu viel", "Zeile 2", "line 2"},
    };
    (void)state;
    import(HEAD LIPPE);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[512];

        snprintf(file, sizeof(file), "%s%s\n" LIPPE, HEAD, cases[i].row);
        refused(w, RH_EINVALID, cases[i].de, cases[i].en, "office import", "file", file);
    }
    assert_offices(1);
}

static void all_faults_are_named_at_once_and_nothing_is_half_imported(void **state)
{
    (void)state;

    refused(w, RH_EINVALID, "Zeile 3, Spalte 'kind'", "line 3, column 'kind'", "office import",
            "file",
            HEAD LEMGO "ahaus,Stadt Ahaus,Amt,Nord,05554004,39000,52.07,7.01\n"
                       "bocholt,Stadt Bocholt,city,LWL,05554008,70000,520.7,7.01\n");

    assert_says(w->err.text[RH_DE], "Zeile 3, Spalte 'region'");
    assert_says(w->err.text[RH_DE], "Zeile 4, Spalte 'latitude'");
    assert_null(strstr(w->err.text[RH_DE], "Spalte 'ags'")); /* no echo of the wrong kind */
    assert_offices(0);
}

static void doubles_are_a_fault_of_the_second_line(void **state)
{
    (void)state;

    refused(w, RH_EINVALID, "Zeile 3, Spalte 'id': 'lemgo' steht schon in Zeile 2",
            "line 3, column 'id': 'lemgo' stands in line 2 already", "office import", "file",
            HEAD LEMGO LEMGO);
    assert_says(w->err.text[RH_DE], "Spalte 'name': 'Stadt Lemgo' steht schon in Zeile 2");
    assert_says(w->err.text[RH_DE], "Spalte 'ags': '05766044' steht schon in Zeile 2");
}

static void a_missing_column_is_named(void **state)
{
    (void)state;

    refused(w, RH_EINVALID, "'region'", "'region'", "office import", "file",
            "=id,name,kind,ags,population,latitude,longitude\nlemgo,Lemgo,city,05766044,1,52,8\n");
}

/* An id that changed while the key stayed would part an office from its history. */
static void a_renamed_id_is_refused_by_key_and_by_name(void **state)
{
    (void)state;
    import(HEAD LEMGO LIPPE);

    refused(w, RH_ECONFLICT,
            "test.csv, Zeile 2, Spalte 'ags': '05766044' gehört im Register zu 'lemgo', in der "
            "Datei zu 'stadt-lemgo'",
            "test.csv, line 2, column 'ags': '05766044' belongs to 'lemgo' in the register",
            "office import", "file",
            HEAD "stadt-lemgo,Lemgo,city,LWL,05766044,40696,52.0,8.9\n" LIPPE);
    refused(w, RH_ECONFLICT, "Spalte 'name': 'Kreis Lippe' gehört im Register zu 'kreis-lippe'",
            "column 'name': 'Kreis Lippe' belongs to 'kreis-lippe'", "office import", "file",
            HEAD LEMGO "lippe,Kreis Lippe,district,LWL,05999,341250,51.93,8.87\n");
    assert_offices(2);
}

/* ---- import: Excel ---- */

/* The shipped file as a German Excel saves it: semicolons, decimal commas, Windows-1252, keys that
 * became numbers. */
static char *as_excel(bool windows)
{
    size_t size;
    char *bytes = world_read("config/nrw/offices.csv", &size), *to = malloc(2 * size + 8), *at = to;
    int column = 0;

    *at++ = '=';
    if (!windows) {
        memcpy(at, "\xEF\xBB\xBF", 3);
        at += 3;
    }
    for (const char *c = bytes; *c; c++) {
        bool key = column == 5 && c[-1] == ',' && *c == '0';

        if (*c == '\n' && column == 9)
            *at++ = '"'; /* the notes have semicolons of their own */
        if (*c == ',' || *c == '\n')
            column = *c == ',' ? column + 1 : 0;
        if (key)
            continue;                               /* Excel drops the leading zero */
        if (windows && (unsigned char)*c >= 0xC0) { /* ä is C3 A4 in UTF-8, E4 in Windows-1252 */
            *at++ = (char)(((unsigned char)c[0] & 3) << 6 | ((unsigned char)c[1] & 0x3F));
            c++;
        } else
            *at++ = *c == ',' ? ';' : *c == '.' && column >= 7 && column <= 8 ? ',' : *c;
        if (*c == ',' && column == 9)
            *at++ = '"';
    }
    *at = '\0';
    free(bytes);
    return to;
}

static void import_excel(bool windows)
{
    char *file = as_excel(windows);

    import(OFFICES);
    import(file);
    assert_int_equal(number(w, "new"), 0);
    if (number(w, "changed") != 0)
        fail_msg("%s: %s", text_of(json_array_get(items(w), 0), "id"),
                 text_of(json_array_get(items(w), 0), "details"));
    assert_int_equal(number(w, "gone"), 0);
    assert_true(says(w, "Zeile 2, Spalte 'ags'")); /* what was padded is reported */
    assert_true(says(w, "05111000"));
    free(file);
}

static void a_german_excel_with_a_mark_gives_the_same_register(void **state)
{
    (void)state;
    import_excel(false);
}

static void a_german_excel_in_windows_1252_gives_the_same_register(void **state)
{
    (void)state;
    import_excel(true);
}

static void german_headers_and_words_are_understood(void **state)
{
    (void)state;

    import("=Kennung;Jugendamt;Art;Landesteil;AGS;Einwohner;Breitengrad;Längengrad\n"
           "kreis-lippe;Kreis Lippe;Kreis;Westfalen-Lippe;5766;341.250;51,93;8,87\n");

    must(w, "office show", "office", "kreis-lippe");
    assert_string_equal(text(w, "kind"), "district");
    assert_string_equal(text(w, "region"), "LWL");
    assert_string_equal(text(w, "ags"), "05766");
    assert_int_equal(number(w, "population"), 341250);
}

/* ---- looking ---- */

static void lists_can_be_narrowed_and_a_wrong_class_gets_the_right_ones(void **state)
{
    (void)state;
    import(OFFICES);

    must(w, "office list", "region", "LVR");
    assert_int_equal(item_count(w), 95);
    must(w, "office list", "kind", "district", "region", "LWL");
    assert_true(item_count(w) > 15 && item_count(w) < 25);
    must(w, "office list", "class", "city-500");
    assert_int_equal(item_count(w), 5);
    refused(w, RH_ENOTFOUND, "Größenklasse 'city-5'", "size class 'city-5'", "office list", "class",
            "city-5");
}

static void a_misspelt_office_gets_the_right_one_suggested(void **state)
{
    static const char *const cases[][2] = {
        {"Landkreis Steinfurth", "kreis-steinfurt"},
        {"Städteregion Herzogenrath", "herzogenrath"},
        {"Muehlheim a.d. Ruhr", "muelheim-an-der-ruhr"},
        {"Stadt Bilefeld", "bielefeld"},
        {"Kamp Lintford", "kamp-lintfort"},
    };
    (void)state;
    import(OFFICES);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ask(w, "office show", "office", cases[i][0], NULL), RH_ENOTFOUND);
        assert_says(w->err.text[RH_DE], cases[i][1]);
        assert_says(w->err.text[RH_DE], "meinten Sie");
        assert_says(w->err.text[RH_EN], "did you mean");
    }
    must(w, "office show", "office", "KOELN");
    assert_string_equal(text(w, "id"), "koeln");
}

/* ---- contacts ---- */

#define CONTACTS "=office,role,name,email,phone,language,valid_from,valid_to\n"

static void contacts_come_in_with_roles_languages_and_dates(void **state)
{
    const json_t *lead;
    (void)state;
    import(OFFICES);

    must(w, "contact import", "file",
         CONTACTS "lemgo,Ansprechperson,Ansprechperson 01,a01@example.org,05261 213-0,de,,\n"
                  "lemgo,Leitung,Leitung 01,l01@example.org,,en,1.1.2026,31.12.2027\n"
                  "Stadt Ahaus,ASD-Leitung,ASD 02,,,,,2026-11-21\n");
    assert_int_equal(number(w, "rows"), 3);
    assert_int_equal(number(w, "persons"), 3);
    assert_int_equal(number(w, "changed"), 3);

    must(w, "contact list", "office", "lemgo");
    assert_int_equal(item_count(w), 2);
    lead = item(w, "role", "head");
    assert_string_equal(text_of(lead, "valid_from"), "2026-01-01");
    assert_string_equal(text_of(lead, "language"), "en");
    must(w, "contact list", "office", "ahaus"); /* ended yesterday */
    assert_int_equal(item_count(w), 0);
    must(w, "contact list", "office", "ahaus", "all", "yes");
    assert_int_equal(item_count(w), 1);
    w->as_of = "2026-11-21";
    must(w, "contact list", "office", "ahaus");
    assert_int_equal(item_count(w), 1);
}

static void the_same_contacts_again_change_nothing(void **state)
{
    static const char file[] = CONTACTS "lemgo,contact,Person 01,a01@example.org,123,de,,\n";
    (void)state;
    import(OFFICES);
    must(w, "contact import", "file", file);

    must(w, "contact import", "file", file);

    assert_int_equal(number(w, "persons"), 0);
    assert_int_equal(number(w, "changed"), 0);
}

static void a_person_is_known_by_e_mail_and_keeps_what_the_file_leaves_empty(void **state)
{
    (void)state;
    import(OFFICES);
    must(w, "contact import", "file",
         CONTACTS "lemgo,contact,Person 01,a01@example.org,05261 1,en,,\n");

    must(w, "contact import", "file",
         "=office,role,name,email\nahaus,deputy,Person Eins,A01@Example.org\n");

    assert_int_equal(number(w, "persons"), 1);
    must(w, "contact list", "office", "lemgo");
    assert_string_equal(text_of(item(w, "role", "contact"), "name"), "Person Eins");
    assert_string_equal(text_of(item(w, "role", "contact"), "phone"), "05261 1");
    assert_string_equal(text_of(item(w, "role", "contact"), "language"), "en");
    must(w, "contact show", "id", "1");
    assert_int_equal(item_count(w), 2); /* one person, two offices */
}

/* What users saw: two people with the mailbox of their office became one of them. */
static void two_people_cannot_share_an_address(void **state)
{
    (void)state;
    import(OFFICES);

    refused(w, RH_EINVALID,
            "Zeile 3, Spalte 'email': 'jugendamt@example.org' gehört in Zeile 2 zu 'Person 01'",
            "line 3, column 'email': 'jugendamt@example.org' belongs to 'Person 01' in line 2",
            "contact import", "file",
            CONTACTS "lemgo,contact,Person 01,jugendamt@example.org,,,,\n"
                     "lemgo,head,Person 02,jugendamt@example.org,,,,\n");
    must(w, "contact list");
    assert_int_equal(item_count(w), 0);
}

static void faults_of_contacts_are_named_and_offices_suggested(void **state)
{
    static const struct {
        const char *row, *de, *en;
    } cases[] = {
        {"Landkreis Steinfurth,contact,P,,,,,",
         "Zeile 2, Spalte 'office': Jugendamt 'Landkreis "
         "Steinfurth' gibt es nicht",
         "'kreis-steinfurt'"},
        {",contact,P,,,,,", "das Jugendamt fehlt", "the office is missing"},
        {"lemgo,Chef,P,,,,,", "'Chef' ist keine Rolle; erlaubt sind contact, deputy",
         "'Chef' is not a role"},
        {"lemgo,contact,,a@example.org,,,,", "der Name fehlt", "the name is missing"},
        {"lemgo,contact,P,a@example,,,,", "'a@example' ist keine E-Mail-Adresse",
         "'a@example' is not an e-mail address"},
        {"lemgo,contact,P,\"a@example.org, b@example.org\",,,,", "ist keine E-Mail-Adresse",
         "is not an e-mail address"},
        {"lemgo,contact,P,,,fr,,", "'fr' ist keine Sprache der Mails", "'fr' is not a language"},
        {"lemgo,contact,P,,,,31.2.2027,", "Zeile 2, Spalte 'valid_from'",
         "line 2, column 'valid_from'"},
        {"lemgo,contact,P,,,,2027-02-01,2027-01-31",
         "Spalte 'valid_to': 2027-01-31 liegt vor valid_from 2027-02-01",
         "column 'valid_to': 2027-01-31 is before valid_from 2027-02-01"},
    };
    (void)state;
    import(OFFICES);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char file[512];

        snprintf(file, sizeof(file), "%s%s\n", CONTACTS, cases[i].row);
        refused(w, RH_EINVALID, cases[i].de, cases[i].en, "contact import", "file", file);
    }
    refused(w, RH_ENOTFOUND, "Kontakt 77 gibt es nicht", "there is no contact 77", "contact show",
            "id", "77");
}

/* Events outlive people: they carry numbers, so that a person can be erased. */
static void events_of_contacts_name_nobody(void **state)
{
    const json_t *event;
    (void)state;
    import(OFFICES);
    must(w, "contact import", "file", CONTACTS "lemgo,contact,Person 01,a01@example.org,,,,\n");
    must(w, "contact import", "file",
         CONTACTS "lemgo,contact,Person Eins,a01@example.org,,,,2027-01-31\n");

    event = newest_event("contact.set", "lemgo");
    assert_says(text_of(event, "before"), "\"valid_to\":null");
    assert_says(text_of(event, "after"), "\"valid_to\":\"2027-01-31\"");
    (void)newest_event("person.changed", "person-1");
    must(w, "event list", "topic", "person");
    for (size_t i = 0; i < item_count(w); i++) {
        char *row = json_dumps(json_array_get(items(w), i), 0);

        assert_null(strstr(row, "Person"));
        assert_null(strstr(row, "example"));
        free(row);
    }
}

/* ---- rounds and procedures ---- */

static void a_round_has_its_months_and_its_limits(void **state)
{
    (void)state;

    must(w, "round create", "round", "2027-2031", "start", "2027-01-01", "years", "5");
    assert_string_equal(text(w, "last_month"), "2031-12");
    refused(w, RH_ECONFLICT, "den Turnus '2027-2031' gibt es schon",
            "the round '2027-2031' exists already", "round create", "round", "2027-2031", "start",
            "2027-01-01");
    refused(w, RH_EINVALID, "beginnt am Ersten eines Monats, nicht am 2027-01-02",
            "begins on the first of a month, not on 2027-01-02", "round create", "round", "x",
            "start", "2027-01-02");
    refused(w, RH_EUSAGE, "Angabe 'start'", "parameter 'start'", "round create", "round", "x",
            "start", "2027-02-30");
    refused(w, RH_EUSAGE, "liegt nicht zwischen 1 und 20", "between 1 and 20", "round create",
            "round", "x", "start", "2027-01-01", "years", "21");
    refused(w, RH_EINVALID, "taugt nicht als Kennung", "is no good as the id", "round create",
            "round", "a b", "start", "2027-01-01");
    must(w, "round list");
    assert_int_equal(item_count(w), 1);
}

static void a_round_over_another_is_pointed_out(void **state)
{
    (void)state;
    must(w, "round create", "round", "2027-2031", "start", "2027-01-01");

    must(w, "round create", "round", "2031-2035", "start", "2031-01-01");
    assert_true(says(w, "der Turnus 2027-2031 umfasst zum Teil dieselben Monate"));
    must(w, "round create", "round", "2036-2040", "start", "2036-01-01");
    assert_false(says(w, "dieselben Monate"));
}

static void the_pilots_are_procedures_of_the_past(void **state)
{
    (void)state;
    import(OFFICES);

    must(w, "procedure import", "file", "@config/nrw/pilots-2024.csv");
    assert_int_equal(number(w, "new"), 18);
    must(w, "procedure import", "file", "@config/nrw/pilots-2024.csv");
    assert_int_equal(number(w, "new"), 0);

    must(w, "procedure list", "state", "done");
    assert_int_equal(item_count(w), 18);
    must(w, "procedure show", "procedure", "bielefeld-2024-01");
    assert_string_equal(text_of(item(w, "office", "bielefeld"), "start_month"), "2024-01");
}

static void a_procedure_out_of_turn_says_who_suggested_it_and_why(void **state)
{
    (void)state;
    import(OFFICES);

    must(w, "procedure record", "office", "Lemgo", "start", "2026-10", "suggested-by",
         "coordination", "reason", "neue Leitung");
    assert_string_equal(text(w, "state"), "running"); /* begun last month */
    refused(w, RH_ECONFLICT, "schon ein Verfahren mit Beginn 2026-10",
            "starting in 2026-10 is recorded already", "procedure record", "office", "lemgo",
            "start", "2026-10");

    must(w, "procedure cancel", "procedure", "lemgo-2026-10", "reason", "verschoben");
    assert_says(text_of(newest_event("procedure.cancelled", "lemgo-2026-10"), "before"),
                "\"state\":\"running\"");
    assert_says(text_of(newest_event("procedure.cancelled", "lemgo-2026-10"), "after"),
                "\"reason\":\"verschoben\"");
    refused(w, RH_ECONFLICT, "schon abgesagt", "cancelled already", "procedure cancel", "procedure",
            "lemgo-2026-10", "reason", "noch einmal");
    must(w, "procedure record", "office", "lemgo", "start", "2026-10"); /* now it may again */
}

static void faults_of_procedures_are_named_at_once(void **state)
{
    (void)state;
    import(OFFICES);

    refused(
        w, RH_EINVALID, "Zeile 2, Spalte 'office'", "line 2, column 'office'", "procedure import",
        "file",
        "=office,start_month,note\nStädteregion Herzogenrath,2024-01,\nlemgo,,\nlemgo,2024-13,\n"
        ",2024-01,\nlemgo,2024-02,\n");
    assert_says(w->err.text[RH_DE], "'herzogenrath'");
    assert_says(w->err.text[RH_DE], "Zeile 3, Spalte 'start_month': der Monat fehlt");
    assert_says(w->err.text[RH_DE], "Zeile 4, Spalte 'start_month'");
    assert_says(w->err.text[RH_DE], "Zeile 5, Spalte 'office': das Jugendamt fehlt");
    must(w, "procedure list");
    assert_int_equal(item_count(w), 0);
}

/* ---- the ministry's question ---- */

static const char *situation(const char *office)
{
    const json_t *found = find_in(items(w), "office", office);

    return found ? text_of(found, "state") : "";
}

static void overdue_is_more_than_sixty_months_ago_or_will_be(void **state)
{
    (void)state;
    import(OFFICES);
    must(w, "procedure import", "file", "@config/nrw/pilots-2024.csv");
    must(w, "procedure record", "office", "bielefeld", "start", "2029-01"); /* exactly 60 */
    must(w, "procedure record", "office", "hamm", "start", "2029-02");      /* 61 */

    must(w, "office overdue");
    assert_string_equal(situation("bielefeld"), "");
    assert_string_equal(situation("hamm"), "late");
    assert_string_equal(situation("lemgo"), "unplanned");
    assert_string_equal(situation("koeln"), ""); /* never had one, and was not asked for */
    assert_int_equal(number(w, "count"), 17);

    w->as_of = "2029-01-31";
    must(w, "office overdue");
    assert_string_equal(situation("lemgo"), "unplanned");
    w->as_of = "2029-02-01";
    must(w, "office overdue");
    assert_string_equal(situation("lemgo"), "overdue");
    assert_string_equal(situation("bielefeld"), "unplanned"); /* its last one is running now */
    w->as_of = NULL;
    must(w, "office overdue", "never", "yes");
    assert_string_equal(situation("koeln"), "never");
    assert_int_equal(number(w, "count"), 17 + 186 - 18);
    must(w, "office overdue", "months", "61");
    assert_string_equal(situation("hamm"), "");
}

static void overdue_speaks_the_readers_language(void **state)
{
    (void)state;
    import(OFFICES);
    must(w, "procedure record", "office", "lemgo", "start", "2020-01");

    must(w, "office overdue");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "situation"), "überfällig");
    w->lang = RH_EN;
    must(w, "office overdue");
    assert_string_equal(text_of(item(w, "office", "lemgo"), "situation"), "overdue");
}

/* ---- closing, merging ---- */

static void a_merged_office_keeps_its_history_and_its_procedures(void **state)
{
    (void)state;
    import(OFFICES);
    must(w, "procedure import", "file", "@config/nrw/pilots-2024.csv");
    must(w, "procedure record", "office", "lemgo", "start", "2028-01");

    must(w, "office close", "office", "Lemgo", "on", "2027-01-01", "into", "Kreis Lippe");
    assert_true(says(w, "geplante und laufende Verfahren: 1"));
    assert_offices(185);
    must(w, "office list", "closed", "yes");
    assert_int_equal(item_count(w), 186);
    must(w, "office show", "office", "lemgo");
    assert_string_equal(text(w, "successor"), "kreis-lippe");
    assert_int_equal(json_array_size(json_object_get(w->answer, "procedures")), 2);
    assert_says(text_of(newest_event("office.closed", "lemgo"), "after"),
                "\"successor\":\"kreis-lippe\"");
    must(w, "office overdue");
    assert_string_equal(situation("lemgo"), "");

    refused(w, RH_ECONFLICT, "schon geschlossen", "closed already", "office close", "office",
            "lemgo");
    refused(w, RH_EINVALID, "'lemgo' ist selbst geschlossen", "'lemgo' is closed itself",
            "office close", "office", "ahaus", "into", "lemgo");
    refused(w, RH_EINVALID, "nicht in sich selbst", "into itself", "office close", "office",
            "ahaus", "into", "ahaus");
    must(w, "office reopen", "office", "lemgo");
    assert_offices(186);
    must(w, "office history", "office", "lemgo");
    assert_int_equal(item_count(w), 3);
    refused(w, RH_ECONFLICT, "ist nicht geschlossen", "is not closed", "office reopen", "office",
            "lemgo");
}

/* ---- calendar ---- */

static void months_and_workdays_know_holidays_and_what_is_not_known(void **state)
{
    (void)state;
    must(w, "holiday import", "file", "@config/nrw/school-holidays.csv");
    assert_true(says(w, "bis 2030-08-06; danach ist nichts bekannt"));

    must(w, "calendar months", "from", "2027-05", "months", "2");
    assert_int_equal(json_integer_value(json_object_get(item(w, "month", "2027-05"), "workdays")),
                     18); /* 21 days Mo-Fr less Ascension Day, Whit Monday, Corpus Christi */
    must(w, "calendar months", "from", "2031-01", "months", "1");
    assert_true(json_is_true(json_object_get(item(w, "month", "2031-01"), "school_unknown")));

    must(w, "calendar workday", "from", "2027-05-20", "days", "10");
    assert_string_equal(text(w, "day"), "2027-06-04");
    assert_says(text(w, "reason"), "Fronleichnam");
    w->lang = RH_EN;
    must(w, "calendar workday", "from", "2027-05-20", "days", "-10");
    assert_string_equal(text(w, "day"), "2027-05-04");
    assert_says(text(w, "reason"), "Ascension Day");
}

static void faults_of_school_holidays_are_named_and_the_old_list_stays(void **state)
{
    (void)state;
    must(w, "holiday import", "file", "=name,start,end\nWinterferien,2027-02-01,2027-02-05\n");

    refused(w, RH_EINVALID, "Zeile 2, Spalte 'end': 2027-03-30 liegt vor dem ersten Ferientag",
            "line 2, column 'end': 2027-03-30 is before the first day", "holiday import", "file",
            "=name,start,end\nOster,2027-04-01,2027-03-30\n,2027-01-01,2027-01-02\nX,gestern,\n");
    assert_says(w->err.text[RH_DE], "Zeile 3, Spalte 'name': der Name der Ferien fehlt");
    assert_says(w->err.text[RH_DE], "Zeile 4, Spalte 'start'");
    assert_says(w->err.text[RH_DE], "Zeile 4, Spalte 'end': der letzte Ferientag fehlt");
    must(w, "holiday list");
    assert_int_equal(item_count(w), 1);
}

static void closing_days_hold_for_one_office_or_for_all(void **state)
{
    (void)state;
    import(OFFICES);

    must(w, "closing import", "file",
         "=office,day,rule,note\nkoeln,,Rosenmontag,Karneval\n,,12-24,Heiligabend\n"
         "lemgo,2027-06-11,,Betriebsausflug\n");
    assert_int_equal(number(w, "new"), 3);
    assert_says(text_of(newest_event("calendar.changed", "closing_days"), "after"),
                "[\"koeln\",\"easter-48\"]");

    must(w, "calendar workday", "from", "2027-02-05", "days", "1", "office", "koeln");
    assert_string_equal(text(w, "day"), "2027-02-09"); /* Monday 8 February is Rosenmontag */
    must(w, "calendar workday", "from", "2027-02-05", "days", "1", "office", "lemgo");
    assert_string_equal(text(w, "day"), "2027-02-08");
    must(w, "calendar workday", "from", "2026-12-23", "days", "1", "office", "koeln");
    assert_string_equal(text(w, "day"), "2026-12-28");
    must(w, "closing import", "file", "=office,day,rule\nkoeln,,rosenmontag\n");
    assert_int_equal(number(w, "new"), 0);
}

/* A rule that nobody understands was once blamed on every line behind it. */
static void a_wrong_closing_rule_is_blamed_on_its_own_line(void **state)
{
    (void)state;
    import(OFFICES);

    refused(w, RH_EINVALID, "Zeile 2, Spalte 'rule'", "line 2, column 'rule'", "closing import",
            "file",
            "=office,day,rule\n,,Schützenfest\n,,12-31\nlemgo,2027-01-01,12-31\nlemgo,,\nNirgendwo,"
            "2027-01-04,\n");
    assert_null(strstr(w->err.text[RH_DE], "Zeile 3"));
    assert_says(w->err.text[RH_DE], "Zeile 4, Spalte 'day': es braucht entweder einen Tag");
    assert_says(w->err.text[RH_DE], "Zeile 5, Spalte 'day'");
    assert_says(w->err.text[RH_DE], "Zeile 6, Spalte 'office': Jugendamt 'Nirgendwo'");
    must(w, "closing list");
    assert_int_equal(item_count(w), 0);
}

/* ---- configuration ---- */

static void size_classes_are_configuration(void **state)
{
    struct world *small =
        world_open("office { size_classes = { \"groß|city|100000|Großstadt|city\", "
                   "\"klein|city|0|Stadt|town\", \"kreis|district|0|Kreis|district\" } }");
    (void)state;

    must(small, "office import", "file", OFFICES);
    must(small, "office list", "class", "klein");
    assert_true(item_count(small) > 100);
    must(small, "office show", "office", "lemgo");
    assert_string_equal(text(small, "stratum"), "LWL klein");
    world_close(small);
}

static void a_wrong_size_class_stops_the_start_with_a_sentence(void **state)
{
    struct world *wrong = world_described("office { size_classes = { \"klein|dorf|0|Dorf|x\" } }");
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_home_open(wrong->home, NULL, NULL, &err), RH_EINVALID);

    assert_says(err.text[RH_DE],
                "office.size_classes: 'klein|dorf|0|Dorf|x' ist keine Größenklasse");
    assert_says(err.text[RH_EN], "is not a size class");
    world_close(wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_shipped_register_comes_in_whole_and_once),
        TEST(a_dry_run_shows_everything_and_writes_nothing),
        TEST(a_change_says_what_was_and_what_is),
        TEST(the_event_keeps_what_was_before_and_after),
        TEST(what_is_missing_stays_unless_closing_was_asked_for),
        TEST(an_empty_file_does_not_close_the_register),
        TEST(names_and_keys_may_change_places),
        TEST(every_bad_value_is_named_with_line_column_and_remedy),
        TEST(all_faults_are_named_at_once_and_nothing_is_half_imported),
        TEST(doubles_are_a_fault_of_the_second_line),
        TEST(a_missing_column_is_named),
        TEST(a_renamed_id_is_refused_by_key_and_by_name),
        TEST(a_german_excel_with_a_mark_gives_the_same_register),
        TEST(a_german_excel_in_windows_1252_gives_the_same_register),
        TEST(german_headers_and_words_are_understood),
        TEST(lists_can_be_narrowed_and_a_wrong_class_gets_the_right_ones),
        TEST(a_misspelt_office_gets_the_right_one_suggested),
        TEST(contacts_come_in_with_roles_languages_and_dates),
        TEST(the_same_contacts_again_change_nothing),
        TEST(a_person_is_known_by_e_mail_and_keeps_what_the_file_leaves_empty),
        TEST(two_people_cannot_share_an_address),
        TEST(faults_of_contacts_are_named_and_offices_suggested),
        TEST(events_of_contacts_name_nobody),
        TEST(a_round_has_its_months_and_its_limits),
        TEST(a_round_over_another_is_pointed_out),
        TEST(the_pilots_are_procedures_of_the_past),
        TEST(a_procedure_out_of_turn_says_who_suggested_it_and_why),
        TEST(faults_of_procedures_are_named_at_once),
        TEST(overdue_is_more_than_sixty_months_ago_or_will_be),
        TEST(overdue_speaks_the_readers_language),
        TEST(a_merged_office_keeps_its_history_and_its_procedures),
        TEST(months_and_workdays_know_holidays_and_what_is_not_known),
        TEST(faults_of_school_holidays_are_named_and_the_old_list_stays),
        TEST(closing_days_hold_for_one_office_or_for_all),
        TEST(a_wrong_closing_rule_is_blamed_on_its_own_line),
        TEST(size_classes_are_configuration),
        TEST(a_wrong_size_class_stops_the_start_with_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
